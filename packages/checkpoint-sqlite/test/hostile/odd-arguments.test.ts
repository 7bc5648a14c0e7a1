// Plain JavaScript may bring anything to a saver or a store. Nothing fails inside with a TypeError of its own: what cannot be meant has a code.
import { InMemoryStore, MemorySaver } from "@holdpoint/checkpoint";
import { oddSaverCalls, oddStoreCalls, rawFailures } from "@holdpoint/checkpoint/testing";
import { expect, it } from "vitest";
import { SqliteSaver, SqliteStore } from "../../src/index.js";
import { newFile } from "../new-file.js";

it.each([
  ["MemorySaver", () => new MemorySaver()],
  ["SqliteSaver", () => SqliteSaver.fromConnString(newFile())],
])("%s", async (_, open) => expect(await rawFailures(await oddSaverCalls(open()))).toEqual([]));

it.each([
  ["InMemoryStore", () => new InMemoryStore()],
  ["SqliteStore", () => SqliteStore.fromConnString(newFile())],
])("%s", async (_, open) => expect(await rawFailures(oddStoreCalls(open()))).toEqual([]));

it("opening them", async () => {
  const calls = {
    "new MemorySaver(x)": (odd: never) => new MemorySaver(odd),
    "new MemorySaver({ serializer: x })": (odd: never) => new MemorySaver({ serializer: odd }),
    "new InMemoryStore(x)": (odd: never) => new InMemoryStore(odd),
    "new InMemoryStore({ ttl: x })": (odd: never) => new InMemoryStore({ ttl: odd }),
    "new InMemoryStore({ index: x })": (odd: never) => new InMemoryStore({ index: odd }),
    "new SqliteSaver(x)": (odd: never) => new SqliteSaver(odd),
    "new SqliteStore(x)": (odd: never) => new SqliteStore(odd),
    "SqliteSaver.fromConnString(path, x)": (odd: never) => SqliteSaver.fromConnString(newFile(), odd),
    "SqliteSaver.fromConnString(path, { busyTimeout: x })": (odd: never) => SqliteSaver.fromConnString(newFile(), { busyTimeout: odd }),
    "SqliteSaver.fromConnString(path, { synchronous: x })": (odd: never) => SqliteSaver.fromConnString(newFile(), { synchronous: odd }),
    "SqliteStore.fromConnString(path, x)": (odd: never) => SqliteStore.fromConnString(newFile(), odd),
    "SqliteSaver.fromConnString(x)": (odd: never) =>
      // A text would be the path of a file in the folder of whoever runs the tests.
      typeof odd === "string" ? undefined : SqliteSaver.fromConnString(odd),
    "SqliteStore.fromConnString(x)": (odd: never) => (typeof odd === "string" ? undefined : SqliteStore.fromConnString(odd)),
  };
  expect(await rawFailures(calls)).toEqual([]);
});

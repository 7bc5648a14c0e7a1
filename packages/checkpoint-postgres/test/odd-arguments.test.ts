// Plain JavaScript may bring anything to a saver or a store. Nothing fails inside with a TypeError of its own: what cannot be meant has a code.
import { oddSaverCalls, oddStoreCalls, rawFailures } from "@holdpoint/checkpoint/testing";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PostgresSaver, PostgresStore } from "../src/index.js";
import { newSchema, sharedServer } from "./shared-server.js";

let pool: pg.Pool;
beforeAll(async () => {
  pool = new pg.Pool({ connectionString: await sharedServer() });
});
afterAll(() => pool.end());

it("PostgresSaver", async () =>
  expect(await rawFailures(await oddSaverCalls(new PostgresSaver(pool, { schema: newSchema() })))).toEqual([]));

it("PostgresStore", async () => expect(await rawFailures(oddStoreCalls(new PostgresStore(pool, { schema: newSchema() })))).toEqual([]));

it("opening them", async () => {
  const url = "postgres://nobody@127.0.0.1:1/nothing";
  const calls = {
    "new PostgresSaver(x)": (odd: never) => new PostgresSaver(odd),
    "new PostgresSaver(pool, x)": (odd: never) => new PostgresSaver(pool, odd),
    "new PostgresStore(x)": (odd: never) => new PostgresStore(odd),
    "new PostgresStore(pool, x)": (odd: never) => new PostgresStore(pool, odd),
    "PostgresSaver.fromConnString(x)": (odd: never) => PostgresSaver.fromConnString(odd),
    "PostgresStore.fromConnString(x)": (odd: never) => PostgresStore.fromConnString(odd),
    ...Object.fromEntries(
      ["schema", "serializer", "busyTimeout", "prepare", "max", "connectTimeout", "ttl", "now"].flatMap((option) => [
        [`PostgresSaver with ${option} x`, (odd: never) => PostgresSaver.fromConnString(url, { [option]: odd }).end()],
        [`PostgresStore with ${option} x`, (odd: never) => PostgresStore.fromConnString(url, { [option]: odd }).end()],
      ]),
    ),
  };
  expect(await rawFailures(calls)).toEqual([]);
});

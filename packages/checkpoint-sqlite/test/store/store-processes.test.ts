import { describe, expect, it } from "vitest";
import { SqliteSaver, SqliteStore } from "../../src/index.js";
import { newFile } from "../new-file.js";
import { startChild } from "../start-child.js";

const NAMES = ["a", "b", "c", "d"];

describe("several processes on one file", () => {
  it("create the store together, lose no document, and never see half a batch", async () => {
    const file = newFile();
    const time = String(Date.now() + 1500);
    const children = NAMES.map((name) => startChild(["fill", file, name, time, "60"], undefined, "store/store-child.mjs"));
    // A saver comes to the same file meanwhile.
    const saver = SqliteSaver.fromConnString(file);
    expect(await Promise.all(children.map((child) => child.ended))).toEqual(NAMES.map(() => 0));
    saver.close();
    const store = SqliteStore.fromConnString(file);
    for (const [at, name] of NAMES.entries()) {
      const items = await store.search(["own", name], { limit: 1000 });
      expect(items.map(({ value }) => value.n)).toEqual(Array.from({ length: 60 }, (_, n) => 59 - n));
      const said = children[at]!.said;
      expect(said).toHaveLength(60);
      for (const { reads, found, states } of said) {
        expect([reads, found]).toEqual([true, 3]);
        expect(states).toBeOneOf([1, 2]);
      }
    }
    const shared = await store.search(["shared"]);
    expect(shared.map(({ key }) => key)).toEqual(["right", "middle", "left"]);
    expect(new Set(shared.map(({ value }) => JSON.stringify(value))).size).toBe(1);
    expect(await store.search(["passing"])).toEqual([]);
    store.close();
  });
});

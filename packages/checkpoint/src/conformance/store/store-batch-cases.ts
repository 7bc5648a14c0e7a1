import assert from "node:assert/strict";
import type { StoreCase } from "./store-case.js";
import { rejects, sortedPlaces } from "./store-fixtures.js";

const put = (key: string, value: object | null) => ({ namespace: ["a"], key, value });

export const storeBatchCases: readonly StoreCase[] = [
  {
    name: "a batch answers each operation in its place, and reads what stood before it",
    run: async (store) => {
      await store.put(["a"], "old", { n: 1 });
      const [old, , none, found, , namespaces] = await store.batch([
        { namespace: ["a"], key: "old" },
        put("new", { n: 3 }),
        { namespace: ["a"], key: "new" },
        { namespacePrefix: ["a"], filter: { n: { $gt: 0 } } },
        { namespace: ["b"], key: "other", value: {} },
        { matchConditions: undefined, limit: 10, offset: 0 },
      ]);
      assert.deepEqual([old?.key, none], ["old", null]);
      assert.deepEqual(sortedPlaces(found), ["a:old"]);
      assert.deepEqual(namespaces, [["a"]]);
      assert.deepEqual((await store.get(["a"], "new"))?.value, { n: 3 });
    },
  },
  {
    name: "a batch reads the value that stood before it of what it changes",
    needs: ["isolation"],
    run: async (store) => {
      await store.put(["a"], "old", { n: 1 });
      const [before, , after] = await store.batch([
        { namespace: ["a"], key: "old" },
        put("old", { n: 2 }),
        { namespace: ["a"], key: "old" },
      ]);
      assert.deepEqual([before?.value, after?.value], [{ n: 1 }, { n: 1 }]);
      assert.deepEqual((await store.get(["a"], "old"))?.value, { n: 2 });
    },
  },
  {
    name: "of several writes to one key in a batch, the last counts",
    run: async (store) => {
      await store.batch([put("x", { n: 1 }), put("x", { n: 2 }), put("y", { n: 1 }), put("y", null), put("z", null), put("z", { n: 3 })]);
      assert.deepEqual((await store.get(["a"], "x"))?.value, { n: 2 });
      assert.equal(await store.get(["a"], "y"), null);
      assert.deepEqual((await store.get(["a"], "z"))?.value, { n: 3 });
    },
  },
  {
    name: "a batch that fails has done nothing",
    run: async (store) => {
      await store.put(["a"], "old", { n: 1 });
      await rejects(store.batch([put("old", null), put("new", {}), { namespace: [], key: "k", value: {} }]));
      assert.deepEqual(sortedPlaces(await store.search([])), ["a:old"]);
    },
  },
  {
    name: "a batch with a value that cannot be saved, or an operation that is none, has done nothing",
    needs: ["typedErrors"],
    run: async (store) => {
      await store.put(["a"], "old", { n: 1 });
      await rejects(store.batch([put("old", null), put("new", { run: () => 1 })]), "UNSERIALIZABLE");
      for (const wrong of [
        {},
        null,
        { key: "k" },
        { namespace: ["a"] },
        { value: {} },
        { matchConditions: [{ matchType: "infix", path: [] }] },
      ]) {
        await assert.rejects(store.batch([put("old", null), wrong as never]));
      }
      assert.deepEqual(sortedPlaces(await store.search([])), ["a:old"]);
    },
  },
  {
    name: "an empty batch has no results; many at once lose nothing",
    run: async (store) => {
      assert.deepEqual(await store.batch([]), []);
      await Promise.all(Array.from({ length: 60 }, (_, n) => store.batch([put(`k${n}`, { n }), put("shared", { n })])));
      assert.equal((await store.search(["a"], { limit: 100 })).length, 61);
      assert.equal(typeof (await store.get(["a"], "shared"))?.value.n, "number");
    },
  },
  {
    name: "start and stop can be called",
    run: async (store) => {
      await store.start();
      await store.put(["a"], "k", {});
      assert.notEqual(await store.get(["a"], "k"), null);
      await store.stop();
    },
  },
];

import assert from "node:assert/strict";
import type { BaseStore } from "../../store/base-store.js";
import type { StoreCase } from "./store-case.js";
import { HOSTILE_TEXTS, placesOf, rejects, sortedPlaces } from "./store-fixtures.js";

async function putAll(store: BaseStore, values: Readonly<Record<string, object>>, namespace = ["items"]): Promise<void> {
  for (const [key, value] of Object.entries(values)) await store.put(namespace, key, value);
}

async function keysOf(store: BaseStore, filter: Record<string, unknown>): Promise<string[]> {
  return (await store.search(["items"], { filter, limit: 1000 })).map(({ key }) => key).sort();
}

export const storeSearchCases: readonly StoreCase[] = [
  {
    name: "a search finds what stands under its labels, and not what merely begins with the same letters",
    run: async (store) => {
      for (const namespace of [["a"], ["a", "b"], ["a", "b", "c"], ["ab"], ["ab", "c"], ["b"], ["b", "a"]]) {
        await store.put(namespace, "k", {});
      }
      assert.deepEqual(sortedPlaces(await store.search(["a"])), ["a/b/c:k", "a/b:k", "a:k"]);
      assert.deepEqual(sortedPlaces(await store.search(["a", "b"])), ["a/b/c:k", "a/b:k"]);
      assert.deepEqual(sortedPlaces(await store.search(["ab"])), ["ab/c:k", "ab:k"]);
      assert.equal((await store.search([])).length, 7);
      assert.deepEqual(await store.search(["a", "c"]), []);
    },
  },
  {
    name: "labels that hold separators, wildcards or quotes are labels in a search too",
    needs: ["anyLabel"],
    run: async (store) => {
      for (const label of HOSTILE_TEXTS) {
        await store.put([label], "k", {});
        await store.put(["in", label], "k", {});
        await store.put(["in", label, "deep"], "k", {});
      }
      for (const label of HOSTILE_TEXTS) {
        const found = (await store.search(["in", label])).map(({ namespace }) => namespace.length);
        assert.deepEqual(found.sort(), [2, 3], `under ${JSON.stringify(label)}`);
        assert.equal((await store.search([label])).length, 1);
      }
    },
  },
  {
    name: "limit and offset turn the pages: ten documents unless it says otherwise",
    run: async (store) => {
      for (let n = 0; n < 25; n++) await store.put(["items"], `k${n}`, { n });
      assert.equal((await store.search(["items"])).length, 10);
      assert.deepEqual(await store.search(["items"], { limit: 0 }), []);
      assert.deepEqual(await store.search(["items"], { offset: 25 }), []);
      const pages: string[] = [];
      for (let offset = 0; offset < 25; offset += 7) pages.push(...placesOf(await store.search(["items"], { limit: 7, offset })));
      assert.deepEqual(pages, placesOf(await store.search(["items"], { limit: 25 })));
      assert.equal(new Set(pages).size, 25);
      const odd = { filter: { n: { $gte: 20 } }, limit: 3 };
      const filtered = [...(await store.search(["items"], odd)), ...(await store.search(["items"], { ...odd, offset: 3 }))];
      assert.deepEqual(filtered.map(({ value }) => Number(value.n)).sort(), [20, 21, 22, 23, 24]);
    },
  },
  {
    name: "what was put last comes first; reading changes nothing of it",
    needs: ["putOrder"],
    run: async (store) => {
      const order = async () => (await store.search([])).map(({ key }) => key);
      for (const key of ["b", "a", "d", "c"]) await store.put([`ns-${key}`], key, {});
      assert.deepEqual(await order(), ["c", "d", "a", "b"]);
      await store.put(["ns-a"], "a", { again: true });
      await store.get(["ns-b"], "b");
      await store.delete(["ns-d"], "d");
      assert.deepEqual(await order(), ["a", "c", "b"]);
      await store.put(["ns-d"], "d", {});
      await store.batch(["x", "y"].map((key) => ({ namespace: ["ns"], key, value: {} })));
      assert.deepEqual(await order(), ["y", "x", "d", "a", "c", "b"]);
    },
  },
  {
    name: "a filter names values that fields must have, all of them",
    run: async (store) => {
      await putAll(store, {
        a: { color: "red", size: 1 },
        b: { color: "red", size: 2 },
        c: { size: 1 },
        d: { color: null },
        e: { color: 1 },
      });
      assert.deepEqual(await keysOf(store, { color: "red" }), ["a", "b"]);
      assert.deepEqual(await keysOf(store, { color: "red", size: 1 }), ["a"]);
      assert.deepEqual(await keysOf(store, { color: null }), ["d"]);
      assert.deepEqual(await keysOf(store, { color: "1" }), []);
      assert.deepEqual(await keysOf(store, { toString: null }), []);
      assert.equal((await keysOf(store, {})).length, 5);
    },
  },
  {
    name: "operators compare: $eq, $ne, $gt, $gte, $lt, $lte, $in, $nin",
    run: async (store) => {
      await putAll(store, { a: { n: 1 }, b: { n: 2 }, c: { n: 3 }, d: { other: 2 } });
      const expected: [Record<string, unknown>, string[]][] = [
        [{ $eq: 2 }, ["b"]],
        [{ $ne: 2 }, ["a", "c", "d"]],
        [{ $gt: 2 }, ["c"]],
        [{ $gte: 2 }, ["b", "c"]],
        [{ $lt: 2 }, ["a"]],
        [{ $lte: 2 }, ["a", "b"]],
        [{ $gt: 1, $lt: 3 }, ["b"]],
        [{ $in: [1, 3, 5] }, ["a", "c"]],
        [{ $nin: [1, 3, 5] }, ["b", "d"]],
        [{ $in: [] }, []],
      ];
      for (const [condition, keys] of expected) assert.deepEqual(await keysOf(store, { n: condition }), keys, JSON.stringify(condition));
    },
  },
  {
    name: "a query that there is no index for is an error: the first documents that come are not the most similar",
    needs: ["refusedQueries"],
    run: async (store) => {
      await store.put(["items"], "a", { text: "tea" });
      await rejects(store.search(["items"], { query: "coffee" }), "UNSUPPORTED");
      assert.equal((await store.search(["items"], { query: "" })).length, 1);
    },
  },
  {
    name: "what is no page is an error with a code",
    needs: ["typedErrors"],
    run: async (store) => {
      for (const wrong of [-1, 1.5, Number.NaN, "1"]) {
        await rejects(store.search([], { limit: wrong as number }), "INVALID_ARGUMENT");
        await rejects(store.search([], { offset: wrong as number }), "INVALID_ARGUMENT");
        await rejects(store.listNamespaces({ limit: wrong as number }), "INVALID_ARGUMENT");
        await rejects(store.listNamespaces({ maxDepth: wrong as number }), "INVALID_ARGUMENT");
      }
      await rejects(store.listNamespaces({ maxDepth: 0 }), "INVALID_ARGUMENT");
      await rejects(store.search(["a", ""]), "INVALID_NAMESPACE");
      await rejects(store.listNamespaces({ prefix: [""] }), "INVALID_NAMESPACE");
      assert.deepEqual(await store.search([], { limit: Number.POSITIVE_INFINITY }), []);
    },
  },
];

import assert from "node:assert/strict";
import type { BaseStore } from "../../store/base-store.js";
import type { StoreCase } from "./store-case.js";
import { HOSTILE_TEXTS } from "./store-fixtures.js";

async function putIn(store: BaseStore, ...namespaces: string[]): Promise<void> {
  for (const namespace of namespaces) await store.put(namespace.split("/"), "k", {});
}

async function listed(store: BaseStore, options?: Parameters<BaseStore["listNamespaces"]>[0]): Promise<string[]> {
  return (await store.listNamespaces(options)).map((namespace) => namespace.join("/"));
}

export const storeNamespaceCases: readonly StoreCase[] = [
  {
    name: "namespaces that hold documents are listed once, in order",
    run: async (store) => {
      await putIn(store, "users/bo", "users/ada", "docs", "users", "users/ada/notes");
      await store.put(["users", "ada"], "second", {});
      assert.deepEqual(await listed(store), ["docs", "users", "users/ada", "users/ada/notes", "users/bo"]);
    },
  },
  {
    name: "prefix, suffix and maxDepth choose, * standing for any one label",
    run: async (store) => {
      await putIn(store, "a/b/c", "a/b/d/e", "a/x", "a", "b/b/c", "ab/c");
      const expected: [Parameters<BaseStore["listNamespaces"]>[0], string[]][] = [
        [{ prefix: ["a"] }, ["a", "a/b/c", "a/b/d/e", "a/x"]],
        [{ prefix: ["a", "b"] }, ["a/b/c", "a/b/d/e"]],
        [{ prefix: ["*", "b"] }, ["a/b/c", "a/b/d/e", "b/b/c"]],
        [{ prefix: ["a", "*", "c"] }, ["a/b/c"]],
        [{ prefix: ["*", "*"] }, ["a/b/c", "a/b/d/e", "a/x", "ab/c", "b/b/c"]],
        [{ suffix: ["c"] }, ["a/b/c", "ab/c", "b/b/c"]],
        [{ suffix: ["b", "*"] }, ["a/b/c", "b/b/c"]],
        [{ prefix: ["a"], suffix: ["c"] }, ["a/b/c"]],
        [{ prefix: ["a", "b"], suffix: ["b", "c"] }, ["a/b/c"]],
        [{ prefix: ["none"] }, []],
        [{ prefix: [], suffix: [] }, ["a", "a/b/c", "a/b/d/e", "a/x", "ab/c", "b/b/c"]],
        [{ maxDepth: 1 }, ["a", "ab", "b"]],
        [{ prefix: ["a"], maxDepth: 2 }, ["a", "a/b", "a/x"]],
        [{ suffix: ["e"], maxDepth: 2 }, ["a/b"]],
      ];
      for (const [options, namespaces] of expected) assert.deepEqual(await listed(store, options), namespaces, JSON.stringify(options));
    },
  },
  {
    name: "limit and offset turn the pages: a hundred namespaces unless it says otherwise",
    run: async (store) => {
      const names = Array.from({ length: 120 }, (_, n) => `n${String(n).padStart(3, "0")}`);
      await putIn(store, ...names.map((name) => `${name}/x`));
      assert.deepEqual(await listed(store, { maxDepth: 1 }), names.slice(0, 100));
      assert.deepEqual(
        await listed(store, { limit: 7, offset: 116 }),
        names.slice(116).map((name) => `${name}/x`),
      );
      assert.deepEqual(await listed(store, { limit: 0 }), []);
    },
  },
  {
    name: "a batch lists by conditions, all of which must hold",
    run: async (store) => {
      await putIn(store, "a/b/c", "a/b", "b/c");
      const matchConditions = [
        { matchType: "prefix", path: ["a"] },
        { matchType: "suffix", path: ["c"] },
        { matchType: "prefix", path: ["*", "b"] },
      ] as const;
      const [namespaces] = await store.batch([{ matchConditions, limit: 10, offset: 0 }]);
      assert.deepEqual(namespaces, [["a", "b", "c"]]);
    },
  },
  {
    name: "a namespace is not listed any more once its last document is gone",
    needs: ["emptiedNamespaces"],
    run: async (store) => {
      await putIn(store, "a/b", "a");
      await store.put(["a", "b"], "second", {});
      await store.delete(["a", "b"], "k");
      assert.deepEqual(await listed(store), ["a", "a/b"]);
      await store.delete(["a", "b"], "second");
      assert.deepEqual(await listed(store), ["a"]);
    },
  },
  {
    name: "labels of any text are listed as they are, in the order of their UTF-16 code units",
    needs: ["anyLabel"],
    run: async (store) => {
      for (const label of HOSTILE_TEXTS) await store.put(["in", label, "x"], "k", {});
      const expected = [...HOSTILE_TEXTS].sort((a, b) => (a < b ? -1 : 1)).map((label) => ["in", label, "x"]);
      assert.deepEqual(await store.listNamespaces(), expected);
      for (const label of HOSTILE_TEXTS.filter((text) => text !== "*")) {
        assert.deepEqual(await store.listNamespaces({ prefix: ["in", label] }), [["in", label, "x"]]);
        assert.deepEqual(await store.listNamespaces({ suffix: [label, "*"] }), [["in", label, "x"]]);
      }
    },
  },
];

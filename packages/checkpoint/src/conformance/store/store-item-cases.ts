import assert from "node:assert/strict";
import type { StoreCase } from "./store-case.js";
import { HOSTILE_TEXTS, objectOf, rejects } from "./store-fixtures.js";

const NAMESPACE = ["users", "ada"];

const JSON_VALUE: Record<string, unknown> = {
  texts: ["", "é 😀", 'quote " and \\', "line\nbreak", "\u2028", "nul \0 inside"],
  numbers: [0, -1, 1.5, 1e21, Number.MAX_SAFE_INTEGER, 5e-324],
  nothing: null,
  nested: { a: { b: { c: [[], {}, [null]] } } },
  lookalike: { lc: 1, type: "constructor", id: ["langchain_core", "messages", "HumanMessage"], kwargs: { content: "no message" } },
  "~hp": "date",
  v: "2026-01-01",
};

const DISTINCT_VALUE: Record<string, unknown> = {
  date: new Date(1_700_000_000_000),
  map: new Map<unknown, unknown>([["a", new Set([1, 2n])]]),
  bytes: new Uint8Array([0, 1, 255]),
  numbers: [Number.NaN, Number.POSITIVE_INFINITY, -0, 10n ** 30n],
  undefinedInside: { a: undefined, list: [undefined, 1] },
  pattern: /a+b/giu,
  address: new URL("https://example.com/a?b=c#d"),
  surrogate: "\ud800 alone",
};

export const storeItemCases: readonly StoreCase[] = [
  {
    name: "a document that was put is read with its namespace, key, value and times",
    run: async (store) => {
      await store.put(NAMESPACE, "settings", { theme: "dark" });
      const item = await store.get(NAMESPACE, "settings");
      assert.deepEqual([item?.namespace, item?.key, item?.value], [NAMESPACE, "settings", { theme: "dark" }]);
      assert.ok(item?.createdAt instanceof Date && item.updatedAt instanceof Date);
    },
  },
  {
    name: "what is not there is null, and can be deleted",
    run: async (store) => {
      assert.equal(await store.get(NAMESPACE, "settings"), null);
      await store.delete(NAMESPACE, "settings");
      await store.put(NAMESPACE, "settings", {});
      assert.equal(await store.get(["users"], "settings"), null);
      assert.equal(await store.get(NAMESPACE, "Settings"), null);
    },
  },
  {
    name: "a put replaces the whole value, and keeps the time of creation",
    run: async (store) => {
      await store.put(NAMESPACE, "settings", { theme: "dark", size: 1 });
      const first = await store.get(NAMESPACE, "settings");
      const created = first?.createdAt.getTime();
      await store.put(NAMESPACE, "settings", { theme: "light" });
      const second = await store.get(NAMESPACE, "settings");
      assert.deepEqual(second?.value, { theme: "light" });
      assert.equal(second?.createdAt.getTime(), created);
      assert.ok(second!.updatedAt.getTime() >= created!);
    },
  },
  {
    name: "delete, and a put of null, delete one document",
    run: async (store) => {
      for (const key of ["a", "b", "c"]) await store.put(NAMESPACE, key, { key });
      await store.delete(NAMESPACE, "a");
      await store.put(NAMESPACE, "b", null);
      assert.equal(await store.get(NAMESPACE, "a"), null);
      assert.equal(await store.get(NAMESPACE, "b"), null);
      assert.deepEqual((await store.get(NAMESPACE, "c"))?.value, { key: "c" });
    },
  },
  {
    name: "the same key in other namespaces is another document",
    run: async (store) => {
      const namespaces = [["a"], ["b"], ["ab"], ["a", "b"], ["b", "a"], ["a", "a"], ["a", "b", "c"], ["aa"]];
      for (const [n, namespace] of namespaces.entries()) await store.put(namespace, "key", { n });
      for (const [n, namespace] of namespaces.entries()) assert.deepEqual((await store.get(namespace, "key"))?.value, { n });
      await store.delete(["a", "b"], "key");
      for (const namespace of namespaces) {
        const isGone = namespace.join() === "a,b";
        assert.equal((await store.get(namespace, "key")) === null, isGone, `after deleting a,b: ${namespace.join()}`);
      }
    },
  },
  {
    name: "any text is a key, and no two are taken for one",
    run: async (store) => {
      const keys = ["", ...HOSTILE_TEXTS];
      for (const [n, key] of keys.entries()) await store.put(NAMESPACE, key, { n });
      for (const [n, key] of keys.entries()) {
        const item = await store.get(NAMESPACE, key);
        assert.deepEqual([item?.key, item?.value], [key, { n }]);
      }
    },
  },
  {
    name: "JSON values come back as they were, whatever their keys are",
    run: async (store) => {
      const odd = objectOf([...HOSTILE_TEXTS.map((key, n) => [key, { [key]: n }] as const), ["", 0]]);
      for (const [key, value] of Object.entries({ plain: JSON_VALUE, odd, empty: {} })) {
        await store.put(NAMESPACE, key, value);
        assert.deepEqual((await store.get(NAMESPACE, key))?.value, value);
      }
    },
  },
  {
    name: "dates, maps, sets, bytes, bigints, undefined, NaN and -0 come back as they were",
    needs: ["distinctTypes"],
    run: async (store) => {
      await store.put(NAMESPACE, "all", DISTINCT_VALUE);
      assert.deepEqual((await store.get(NAMESPACE, "all"))?.value, DISTINCT_VALUE);
      assert.deepEqual((await store.search(NAMESPACE))[0]?.value, DISTINCT_VALUE);
    },
  },
  {
    name: "what was put and what was read is not shared with the store",
    needs: ["isolation"],
    run: async (store) => {
      const value = { list: [1], at: new Date(0) };
      const namespace = ["users", "ada"];
      await store.put(namespace, "mine", value);
      value.list.push(2);
      value.at.setTime(1);
      namespace[1] = "eve";
      for (const read of [() => store.get(NAMESPACE, "mine"), async () => (await store.search(["users"]))[0]]) {
        const item = await read();
        assert.ok(item);
        assert.deepEqual([item.namespace, item.value], [NAMESPACE, { list: [1], at: new Date(0) }]);
        (item.value.list as number[]).push(3);
        item.namespace.push("more");
        item.createdAt.setTime(0);
      }
      const item = await store.get(NAMESPACE, "mine");
      assert.deepEqual(item?.value.list, [1]);
      assert.notEqual(item?.createdAt.getTime(), 0);
    },
  },
  {
    name: "any text but the empty one is a label, and no two namespaces are taken for one",
    needs: ["anyLabel"],
    run: async (store) => {
      const namespaces = HOSTILE_TEXTS.flatMap((label) => [[label], [label, "b"], ["b", label]]);
      const different = [...new Map(namespaces.map((namespace) => [JSON.stringify(namespace), namespace])).values()];
      for (const [n, namespace] of different.entries()) await store.put(namespace, "key", { n });
      for (const [n, namespace] of different.entries()) {
        const item = await store.get(namespace, "key");
        assert.deepEqual([item?.namespace, item?.value], [namespace, { n }]);
      }
      assert.equal((await store.listNamespaces({ limit: 1000 })).length, different.length);
    },
  },
  {
    name: "a namespace without labels, or with an empty one, is refused",
    run: async (store) => {
      await rejects(store.put([], "key", { a: 1 }));
      await rejects(store.put(["a", ""], "key", { a: 1 }));
      await rejects(store.put(["a", 1] as unknown as string[], "key", { a: 1 }));
      await rejects(store.get(["a", ""], "key"));
      await rejects(store.search(["a", ""]));
      assert.deepEqual(await store.search([]), []);
    },
  },
  {
    name: "what cannot be a namespace, a key or a value is an error with a code, which shows none of them",
    needs: ["typedErrors"],
    run: async (store) => {
      const secret = "sk-secret";
      for (const namespace of [[], [secret, ""], [secret, 1], [secret, undefined], secret, undefined]) {
        await rejects(store.put(namespace as string[], secret, {}), "INVALID_NAMESPACE");
        await rejects(store.get(namespace as string[], secret), "INVALID_NAMESPACE");
        await rejects(store.delete(namespace as string[], secret), "INVALID_NAMESPACE");
      }
      for (const key of [1, null, undefined, {}]) await rejects(store.get(["a"], key as string), "INVALID_ARGUMENT");
      for (const value of [secret, 1, true, undefined, [secret], new Date(), new Map(), () => secret]) {
        await rejects(store.put(["a"], "key", value as object), "INVALID_ARGUMENT");
      }
      const shown = await store.put([secret, ""], secret, { secret }).catch(String);
      assert.doesNotMatch(String(shown), /sk-secret/);
    },
  },
  {
    name: "a value that cannot be saved is an error, and leaves what was there",
    needs: ["typedErrors"],
    run: async (store) => {
      await store.put(NAMESPACE, "tool", { a: 1 });
      await rejects(store.put(NAMESPACE, "tool", { run: () => 1 }), "UNSERIALIZABLE");
      assert.deepEqual((await store.get(NAMESPACE, "tool"))?.value, { a: 1 });
    },
  },
];

import assert from "node:assert/strict";
import type { BaseStore } from "../../store/base-store.js";
import type { StoreCase } from "./store-case.js";
import { HOSTILE_TEXTS, objectOf, rejects } from "./store-fixtures.js";

const NAMESPACE = ["items"];

async function keysOf(store: BaseStore, filter: Record<string, unknown>): Promise<string[]> {
  return (await store.search(NAMESPACE, { filter, limit: 1000 })).map(({ key }) => key).sort();
}

/** Each holds what only its own filter should find. */
const CONTENTS: Readonly<Record<string, unknown>> = {
  list: [1, [2, { a: null }]],
  shorterList: [1],
  object: { a: { b: [1, 2], c: "x" } },
  innerObject: { a: { b: [1, 2] } },
  emptyObject: {},
  emptyList: [],
  emptyText: "",
  zero: 0,
  one: 1,
  textOne: "1",
  yes: true,
  nothing: null,
};

const DISTINCT_CONTENTS: Readonly<Record<string, unknown>> = {
  date: new Date(5),
  dateText: new Date(5).toISOString(),
  map: new Map([["a", 1]]),
  otherMap: new Map([["a", 2]]),
  set: new Set(["a"]),
  bytes: new Uint8Array([1, 2]),
  bigint: 5n,
  number: 5,
  notANumber: Number.NaN,
  address: new URL("https://example.com/"),
};

async function findsEachAlone(store: BaseStore, contents: Readonly<Record<string, unknown>>): Promise<void> {
  for (const [key, field] of Object.entries(contents)) await store.put(NAMESPACE, key, { field });
  await store.put(NAMESPACE, "without", {});
  for (const [key, field] of Object.entries(contents)) {
    for (const condition of [field, { $eq: field }, { $in: ["no", field] }])
      assert.deepEqual(await keysOf(store, { field: condition }), [key]);
    assert.equal((await keysOf(store, { field: { $ne: field } })).length, Object.keys(contents).length);
  }
}

export const storeFilterCases: readonly StoreCase[] = [
  {
    name: "filters compare lists and objects by content, whole and without changing types",
    needs: ["exactFilters"],
    run: (store) => findsEachAlone(store, CONTENTS),
  },
  {
    name: "filters compare dates, maps, sets, bytes and the like by content",
    needs: ["exactFilters", "distinctTypes"],
    run: (store) => findsEachAlone(store, DISTINCT_CONTENTS),
  },
  {
    name: "the order of an object's keys does not count, nor does the sign of zero",
    needs: ["exactFilters"],
    run: async (store) => {
      await store.put(NAMESPACE, "a", { field: { x: 1, y: -0 } });
      assert.deepEqual(await keysOf(store, { field: { y: 0, x: 1 } }), ["a"]);
    },
  },
  {
    name: "$gt and the like compare texts with texts, dates with dates, numbers with numbers, and nothing else",
    needs: ["exactFilters", "distinctTypes"],
    run: async (store) => {
      const fields = {
        early: "2026-01-01",
        late: "2026-02-01",
        number: 7,
        big: 8n,
        dated: new Date(10),
        none: null,
        list: [9],
        yes: true,
        nan: Number.NaN,
      };
      for (const [key, field] of Object.entries(fields)) await store.put(NAMESPACE, key, { field });
      await store.put(NAMESPACE, "without", {});
      assert.deepEqual(await keysOf(store, { field: { $gt: "2026-01-01" } }), ["late"]);
      assert.deepEqual(await keysOf(store, { field: { $gte: "2026-01-01" } }), ["early", "late"]);
      assert.deepEqual(await keysOf(store, { field: { $lt: "a" } }), ["early", "late"]);
      assert.deepEqual(await keysOf(store, { field: { $gt: 0 } }), ["big", "number"]);
      assert.deepEqual(await keysOf(store, { field: { $gte: 7n } }), ["big", "number"]);
      assert.deepEqual(await keysOf(store, { field: { $lt: 8 } }), ["number"]);
      assert.deepEqual(await keysOf(store, { field: { $lte: new Date(10) } }), ["dated"]);
      assert.deepEqual(await keysOf(store, { field: { $lt: new Date(10) } }), []);
    },
  },
  {
    name: "names of fields are only names, whatever they hold",
    needs: ["exactFilters"],
    run: async (store) => {
      for (const [n, name] of HOSTILE_TEXTS.entries()) await store.put(NAMESPACE, `k${n}`, objectOf([[name, n]]));
      for (const [n, name] of HOSTILE_TEXTS.entries()) {
        assert.deepEqual(await keysOf(store, objectOf([[name, n]])), [`k${n}`], `field ${JSON.stringify(name)}`);
        assert.deepEqual(await keysOf(store, objectOf([[name, { $gte: n }]])), [`k${n}`]);
        assert.deepEqual(await keysOf(store, objectOf([[name, n + 1]])), []);
      }
    },
  },
  {
    name: "documents that look like saved types are found by their fields",
    needs: ["exactFilters"],
    run: async (store) => {
      const values = [
        { "~hp": "date", v: 5, kind: "a" },
        { "~hp": 1, kind: "a" },
        Object.assign(Object.create(null) as object, { kind: "a" }),
      ];
      for (const [n, value] of values.entries()) await store.put(NAMESPACE, `k${n}`, value);
      assert.deepEqual(await keysOf(store, { kind: "a" }), ["k0", "k1", "k2"]);
      assert.deepEqual(await keysOf(store, { "~hp": "date", v: { $eq: 5 } }), ["k0"]);
    },
  },
  {
    name: "texts to compare with are only texts, whatever they hold",
    needs: ["exactFilters"],
    run: async (store) => {
      for (const [n, text] of HOSTILE_TEXTS.entries()) await store.put(NAMESPACE, `k${n}`, { text, nested: objectOf([[text, [text]]]) });
      for (const [n, text] of HOSTILE_TEXTS.entries()) {
        assert.deepEqual(await keysOf(store, { text }), [`k${n}`]);
        assert.deepEqual(await keysOf(store, { nested: { $eq: objectOf([[text, [text]]]) } }), [`k${n}`]);
      }
    },
  },
  {
    name: "a condition that could be meant otherwise is an error: unknown operators, undefined, an order of what has none",
    needs: ["exactFilters", "typedErrors"],
    run: async (store) => {
      await store.put(NAMESPACE, "a", { field: 1 });
      const conditions = [
        undefined,
        { $where: "1" },
        { $gt: 0, $size: 1 },
        { $eq: 1, field: 1 },
        { $eq: undefined },
        { $in: 1 },
        { $in: [undefined] },
        { $nin: { length: 1 } },
        { $gt: null },
        { $gt: undefined },
        { $lt: Number.NaN },
        { $lte: [1] },
        { $gte: true },
        { $gt: new Date(Number.NaN) },
      ];
      for (const condition of conditions) await rejects(store.search(NAMESPACE, { filter: { field: condition } }), "INVALID_ARGUMENT");
      for (const filter of [[], "field", 1]) await rejects(store.search(NAMESPACE, { filter: filter as never }), "INVALID_ARGUMENT");
    },
  },
];

import assert from "node:assert/strict";
import type { BaseStore } from "../../store/base-store.js";
import type { StoreCase } from "./store-case.js";
import { rejects } from "./store-fixtures.js";

const NAMESPACE = ["sessions", "ada"];

/** Whether a document is there, as every method tells it. */
async function isThere(store: BaseStore, key: string): Promise<boolean> {
  const found = (await store.search(NAMESPACE, { limit: 100 })).some((item) => item.key === key);
  const read = (await store.get(NAMESPACE, key)) !== null;
  assert.equal(read, found, "get and search agree");
  return read;
}

async function sweep(store: BaseStore): Promise<number> {
  assert.ok(store.sweepExpired, "the store has no sweepExpired");
  return store.sweepExpired();
}

const cases: readonly Omit<StoreCase, "needs">[] = [
  {
    name: "a document with a ttl is there until its minutes are over, and then for no method",
    run: async (store, clock) => {
      await store.put(NAMESPACE, "short", { n: 1 }, { ttl: 5 });
      await store.put(NAMESPACE, "long", { n: 2 }, { ttl: 60 });
      clock.advance(4.999);
      assert.equal(await isThere(store, "short"), true);
      clock.advance(0.001);
      assert.deepEqual([await isThere(store, "short"), await isThere(store, "long")], [false, true]);
      assert.equal((await store.listNamespaces()).length, 1);
      clock.advance(55);
      assert.deepEqual([await isThere(store, "long"), await store.listNamespaces()], [false, []]);
    },
  },
  {
    name: "a ttl is of its put: the next one says anew, and without one a document stays",
    run: async (store, clock) => {
      await store.put(NAMESPACE, "a", { n: 1 }, { ttl: 5 });
      await store.put(NAMESPACE, "a", { n: 2 });
      await store.put(NAMESPACE, "b", { n: 1 });
      await store.put(NAMESPACE, "b", { n: 2 }, { ttl: 0.5 });
      clock.advance(60 * 24 * 365 * 10);
      assert.deepEqual([await isThere(store, "a"), await isThere(store, "b")], [true, false]);
    },
  },
  {
    name: "a default ttl goes for puts that say nothing; null is for ever",
    ttl: { defaultTtl: 10 },
    run: async (store, clock) => {
      await store.put(NAMESPACE, "usual", {});
      await store.put(NAMESPACE, "longer", {}, { ttl: 20 });
      await store.put(NAMESPACE, "always", {}, { ttl: null });
      await store.put(NAMESPACE, "listed", {}, ["field"]);
      clock.advance(10);
      assert.deepEqual(
        [await isThere(store, "usual"), await isThere(store, "listed"), await isThere(store, "longer")],
        [false, false, true],
      );
      clock.advance(1e6);
      assert.deepEqual([await isThere(store, "longer"), await isThere(store, "always")], [false, true]);
    },
  },
  {
    name: "reading leaves the time as it is, unless it asks for the whole time anew",
    run: async (store, clock) => {
      for (const key of ["read", "got", "found", "passed"]) await store.put(NAMESPACE, key, { key }, { ttl: 10 });
      clock.advance(6);
      const updated = (await store.get(NAMESPACE, "got"))?.updatedAt;
      await store.get(NAMESPACE, "read");
      await store.get(NAMESPACE, "got", { refreshTtl: true });
      await store.search(NAMESPACE, { filter: { key: "found" }, refreshTtl: true });
      await store.search(NAMESPACE, { filter: { key: { $in: ["passed", "found"] } }, offset: 1, limit: 1, refreshTtl: false });
      clock.advance(6);
      const left = (await store.search(NAMESPACE)).map(({ key }) => key).sort();
      assert.deepEqual(left, ["found", "got"]);
      assert.deepEqual((await store.get(NAMESPACE, "got"))?.updatedAt, updated);
      clock.advance(4);
      assert.deepEqual(await store.search(NAMESPACE), []);
    },
  },
  {
    name: "a batch that reads and writes gives the time anew to what it reads, and a new time to what it puts",
    run: async (store, clock) => {
      for (const key of ["read", "put", "other"]) await store.put(NAMESPACE, key, {}, { ttl: 10 });
      clock.advance(6);
      await store.batch([
        { namespace: NAMESPACE, key: "read", refreshTtl: true },
        { namespace: NAMESPACE, key: "put", refreshTtl: true },
        { namespace: NAMESPACE, key: "put", value: {}, ttl: 5 },
      ]);
      clock.advance(4.5);
      assert.deepEqual([await isThere(store, "read"), await isThere(store, "put"), await isThere(store, "other")], [true, true, false]);
      clock.advance(0.5);
      assert.deepEqual([await isThere(store, "read"), await isThere(store, "put")], [true, false]);
    },
  },
  {
    name: "a store that refreshes on reading does so for what it returns, unless a read says otherwise",
    ttl: { refreshOnRead: true, defaultTtl: 10 },
    run: async (store, clock) => {
      for (const key of ["d", "c", "b", "a"]) await store.put(NAMESPACE, key, { key });
      clock.advance(6);
      await store.get(NAMESPACE, "a");
      await store.get(NAMESPACE, "b", { refreshTtl: false });
      assert.deepEqual(
        (await store.search(NAMESPACE, { filter: { key: { $gte: "b" } }, offset: 1, limit: 1 })).map(({ key }) => key),
        ["c"],
      );
      clock.advance(6);
      assert.deepEqual((await store.search(NAMESPACE, { refreshTtl: false })).map(({ key }) => key).sort(), ["a", "c"]);
    },
  },
  {
    name: "what was put after the old one was over is new",
    run: async (store, clock) => {
      await store.put(NAMESPACE, "a", { n: 1 }, { ttl: 5 });
      clock.advance(5);
      await store.put(NAMESPACE, "a", { n: 2 });
      const item = await store.get(NAMESPACE, "a");
      assert.equal(item?.createdAt.getTime(), clock.now());
      clock.advance(1);
      await store.put(NAMESPACE, "a", { n: 3 });
      const again = await store.get(NAMESPACE, "a");
      assert.equal(again?.createdAt.getTime(), item?.createdAt.getTime());
      assert.equal(again?.updatedAt.getTime(), clock.now());
    },
  },
  {
    name: "what a batch deletes and then puts is new, and what it only puts is not",
    run: async (store, clock) => {
      for (const key of ["a", "b"]) await store.put(NAMESPACE, key, { n: 1 });
      const created = clock.now();
      clock.advance(1);
      const put = (key: string, n: number | null) => ({ namespace: NAMESPACE, key, value: n === null ? null : { n } });
      await store.batch([put("a", null), put("a", 2), put("a", 3), put("b", 2), put("b", 3)]);
      const [a, b] = await store.batch([
        { namespace: NAMESPACE, key: "a" },
        { namespace: NAMESPACE, key: "b" },
      ]);
      assert.deepEqual([a?.createdAt.getTime(), b?.createdAt.getTime()], [clock.now(), created]);
      assert.deepEqual([a?.value, b?.value], [{ n: 3 }, { n: 3 }]);
    },
  },
  {
    name: "documents that are over take no place on a page",
    run: async (store, clock) => {
      for (let n = 0; n < 30; n++) await store.put(NAMESPACE, `k${n}`, { n }, { ttl: n % 2 === 0 ? 5 : 50 });
      clock.advance(5);
      const pages = [await store.search(NAMESPACE), await store.search(NAMESPACE, { offset: 10 })];
      assert.deepEqual(
        pages.map((page) => page.length),
        [10, 5],
      );
      assert.deepEqual(new Set(pages.flat().map(({ value }) => Number(value.n) % 2)), new Set([1]));
    },
  },
  {
    name: "sweepExpired deletes what is over, and says how many documents that were",
    run: async (store, clock) => {
      assert.equal(await sweep(store), 0);
      await store.batch(
        Array.from({ length: 2500 }, (_, n) => ({ namespace: [`n${n % 7}`], key: `k${n}`, value: { n }, ttl: n < 1200 ? 5 : 50 })),
      );
      assert.equal(await sweep(store), 0);
      clock.advance(5);
      assert.equal(await sweep(store), 1200);
      assert.equal(await sweep(store), 0);
      assert.equal((await store.search([], { limit: 5000 })).length, 1300);
      clock.advance(50);
      assert.equal(await sweep(store), 1300);
    },
  },
  {
    name: "what is no time is an error, and saves nothing",
    run: async (store) => {
      for (const ttl of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e15, "5"]) {
        await rejects(store.put(NAMESPACE, "a", {}, { ttl: ttl as number }), "INVALID_ARGUMENT");
      }
      await rejects(store.get(NAMESPACE, "a", { refreshTtl: 1 as never }), "INVALID_ARGUMENT");
      assert.deepEqual(await store.search([]), []);
    },
  },
];

export const storeExpiryCases: readonly StoreCase[] = cases.map((one) => ({ ...one, needs: ["expiry"] }));

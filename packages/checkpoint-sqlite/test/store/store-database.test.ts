import { randomBytes } from "node:crypto";
import { createSerializer, encryptedSerializer, type Serializer } from "@holdpoint/checkpoint";
import { CaseClock, runRandomStore } from "@holdpoint/checkpoint/conformance";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SqliteSaver, SqliteStore } from "../../src/index.js";
import { STORE_SQL } from "../../src/store/store-statements.js";
import { newFile } from "../new-file.js";
import { openHandle } from "../open-handle.js";

const NAMESPACE = ["users", "ada"];

/** Bytes, bound to where they belong. */
const sealing = encryptedSerializer({ keys: { current: "one", keys: { one: randomBytes(32) } } });

/** Text that SQL must not look into. */
const hiding: Serializer = {
  dumps: (value) => Buffer.from(createSerializer().dumps(value)).toString("base64"),
  loads: (data) => createSerializer().loads(Buffer.from(String(data), "base64")),
};

describe("random operations on a file", () => {
  it("give what a list of documents gives, whatever the serializer writes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom(undefined, sealing, hiding),
        async (seed, steps, serializer) => {
          const clock = new CaseClock();
          const store = SqliteStore.fromConnString(":memory:", { now: clock.now, serializer });
          await runRandomStore(store, { seed, steps, clock });
          store.close();
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("the file of a store", () => {
  it("keeps documents from one store to the next, and what is over stays over", async () => {
    const file = newFile();
    const clock = new CaseClock();
    const first = SqliteStore.fromConnString(file, { now: clock.now });
    await first.put(NAMESPACE, "settings", { at: new Date(5) });
    await first.put(NAMESPACE, "code", { n: 1 }, { ttl: 5 });
    first.close();
    clock.advance(5);
    const second = SqliteStore.fromConnString(file, { now: clock.now, synchronous: "full", busyTimeout: 100 });
    expect((await second.search([])).map(({ key, value }) => [key, value])).toEqual([["settings", { at: new Date(5) }]]);
    second.close();
  });

  it("is that of a saver too: on one handle or two, whichever came first", async () => {
    const file = newFile();
    const config = { configurable: { thread_id: "t" } };
    const checkpoint = { v: 4, id: "1", ts: "", channel_values: { a: 1 }, channel_versions: {}, versions_seen: {} };
    const store = SqliteStore.fromConnString(file);
    await store.put(NAMESPACE, "settings", { n: 1 });
    const saver = SqliteSaver.fromConnString(file);
    await saver.put(config, checkpoint, { source: "loop", step: 0, parents: {} }, {});
    const handle = openHandle(file);
    const [saverToo, storeToo] = [new SqliteSaver(handle), new SqliteStore(handle)];
    expect((await saverToo.getTuple(config))?.checkpoint.channel_values).toEqual({ a: 1 });
    expect((await storeToo.get(NAMESPACE, "settings"))?.value).toEqual({ n: 1 });
    await saver.deleteThread("t");
    expect(await store.get(NAMESPACE, "settings")).not.toBeNull();
    for (const open of [store, saver, saverToo]) open.close();
  });

  it("leaves other tables, and the settings of a handle, alone", async () => {
    const handle = openHandle(newFile());
    handle.exec("CREATE TABLE store (mine TEXT); PRAGMA user_version = 99;");
    const store = new SqliteStore(handle);
    await store.put(NAMESPACE, "k", {});
    expect(handle.prepare("PRAGMA journal_mode").get()).toMatchObject({ journal_mode: "delete" });
    expect(handle.prepare("PRAGMA user_version").get()).toMatchObject({ user_version: 99 });
    store.stop();
  });

  it("is refused where a newer version has changed it, whatever the saver's version is", () => {
    const file = newFile();
    SqliteStore.fromConnString(file).close();
    const handle = openHandle(file);
    handle.exec("INSERT INTO holdpoint_store_migration (number, at) VALUES (2, 'later')");
    expect(() => new SqliteStore(handle)).toThrow(expect.objectContaining({ code: "NEWER_DATABASE" }));
    new SqliteSaver(handle);
    handle.close();
    expect(() => SqliteStore.fromConnString(file)).toThrow(expect.objectContaining({ code: "NEWER_DATABASE" }));
  });

  it("is not opened with a ttl that is none", () => {
    expect(() => SqliteStore.fromConnString(":memory:", { ttl: { defaultTtl: 0 } })).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT" }),
    );
  });

  it("cannot be used after close", async () => {
    const store = SqliteStore.fromConnString(":memory:");
    store.close();
    store.stop();
    for (const call of [store.get(NAMESPACE, "k"), store.put(NAMESPACE, "k", {}), store.search([]), store.sweepExpired()]) {
      await expect(call).rejects.toMatchObject({ code: "STORAGE_CLOSED", message: "This SqliteStore was closed. Open a new one." });
    }
  });

  it("that is locked fails with a retryable STORAGE_BUSY, and nothing is saved; reading goes on", async () => {
    const file = newFile();
    const clock = new CaseClock();
    const store = SqliteStore.fromConnString(file, { busyTimeout: 20, now: clock.now });
    await store.put(NAMESPACE, "k", { n: 1 }, { ttl: 5 });
    const other = openHandle(file);
    other.exec("BEGIN IMMEDIATE");
    for (const call of [() => store.put(NAMESPACE, "k", { n: 2 }), () => store.delete(NAMESPACE, "k"), () => store.sweepExpired()]) {
      await expect(call()).rejects.toMatchObject({ code: "STORAGE_BUSY", retryable: true });
    }
    await expect(store.get(NAMESPACE, "k", { refreshTtl: true })).rejects.toMatchObject({ code: "STORAGE_BUSY" });
    expect((await store.get(NAMESPACE, "k"))?.value).toEqual({ n: 1 });
    other.exec("ROLLBACK");
    other.close();
    await store.put(NAMESPACE, "k", { n: 3 });
    expect((await store.get(NAMESPACE, "k"))?.value).toEqual({ n: 3 });
    store.close();
  });

  it.each([
    ["a value cut short", "UPDATE holdpoint_document SET data = substr(data, 3)"],
    ["a value that is a list", "UPDATE holdpoint_document SET data = '[1]'"],
    ["a value of bytes", "UPDATE holdpoint_document SET data = x'00ff8001'"],
    ["a namespace that is none", "UPDATE holdpoint_document SET namespace = namespace || 'x'"],
  ])("that is damaged is a typed error: %s", async (_, sql) => {
    const handle = openHandle(":memory:");
    const store = new SqliteStore(handle);
    await store.put(NAMESPACE, "k", { n: 1 });
    handle.exec(sql);
    const filters = [undefined, { n: { $gt: 0 } }];
    for (const filter of filters) await expect(store.search(["users"], { filter })).rejects.toMatchObject({ code: "CORRUPT_DATA" });
    store.close();
  });

  it.each([
    ["bytes", sealing],
    ["other text", hiding],
  ])("is searched where a serializer of one's own writes %s", async (_, serializer) => {
    const store = SqliteStore.fromConnString(":memory:", { serializer });
    for (const n of [1, 2]) await store.put(NAMESPACE, `k${n}`, { n, text: "a" });
    expect((await store.search([], { filter: { n: 1, text: { $eq: "a" } } })).map(({ key }) => key)).toEqual(["k1"]);
    store.close();
  });

  it("does not open encrypted documents that were moved to another key", async () => {
    const handle = openHandle(":memory:");
    const store = new SqliteStore(handle, { serializer: sealing });
    await store.put(NAMESPACE, "mine", { n: 1 });
    handle.exec("UPDATE holdpoint_document SET key = 'yours'");
    await expect(store.get(NAMESPACE, "yours")).rejects.toMatchObject({ code: "CORRUPT_DATA" });
    handle.exec("UPDATE holdpoint_document SET key = 'mine'");
    expect((await store.get(NAMESPACE, "mine"))?.value).toEqual({ n: 1 });
    store.close();
  });

  it("that holds bytes, which the default serializer did not write, does not hide them from a filter", async () => {
    const file = newFile();
    const sealed = SqliteStore.fromConnString(file, { serializer: sealing });
    await sealed.put(NAMESPACE, "k", { n: 1 });
    expect(await sealed.search([], { filter: { n: 1 } })).toHaveLength(1);
    sealed.close();
    const store = SqliteStore.fromConnString(file);
    await expect(store.search([], { filter: { n: 1 } })).rejects.toMatchObject({ code: "CORRUPT_DATA" });
    store.close();
  });
});

describe("what is over", () => {
  it("is deleted while others are put, though nobody reads it or sweeps", async () => {
    const handle = openHandle(":memory:");
    const clock = new CaseClock();
    const store = new SqliteStore(handle, { now: clock.now });
    for (let n = 0; n < 500; n++) {
      await store.put(NAMESPACE, `k${n}`, { n }, { ttl: 10 });
      clock.advance(1);
    }
    expect(handle.prepare("SELECT count(*) AS n FROM holdpoint_document").get()).toMatchObject({ n: 10 });
    store.close();
  });
});

describe("statements", () => {
  const handle = openHandle(":memory:");
  new SqliteStore(handle);

  it.each([
    ["get", ["", "", 0]],
    ["pageUnder", ["", "", 0, 1, 0]],
    ["matchesUnder", ["", "", 0, "", ""]],
    ["namespaces", ["", "", "", 0]],
    ["sweep", [0, 1]],
  ] as const)("%s finds its rows by an index", (name, values) => {
    const plan = handle.prepare(`EXPLAIN QUERY PLAN ${STORE_SQL[name]}`).all(...values) as { detail: string }[];
    const steps = plan.map(({ detail }) => detail).filter((detail) => /holdpoint_document|\bd\b/.test(detail));
    expect(steps.length).toBeGreaterThan(0);
    for (const step of steps) expect(step).toMatch(/^SEARCH .* USING .*(INDEX|PRIMARY KEY)/);
  });

  it.each([
    ["pageOfAll", [0, 1, 0]],
    ["matchesBefore", [0, 0, "", "", 1]],
  ] as const)("%s reads rows in the order of the puts, and stops where the page is full", (name, values) => {
    const plan = handle.prepare(`EXPLAIN QUERY PLAN ${STORE_SQL[name]}`).all(...values) as { detail: string }[];
    expect(plan.map(({ detail }) => detail).join()).not.toMatch(/TEMP B-TREE/);
  });
});

describe("a search", () => {
  it("of a selective filter, or one that few of many meet, finds all of them however its pages fall", async () => {
    const store = SqliteStore.fromConnString(":memory:");
    await store.batch(
      Array.from({ length: 1500 }, (_, n) => ({ namespace: ["n", `${n % 3}`], key: `k${n}`, value: { n, odd: n % 2 === 1 } })),
    );
    for (const prefix of [[], ["n"], ["n", "1"]]) {
      const all = Array.from({ length: 1500 }, (_, n) => 1499 - n).filter((n) => prefix.length < 2 || n % 3 === 1);
      const values = async (filter: Record<string, unknown>, limit: number, offset = 0) =>
        (await store.search(prefix, { filter, limit, offset })).map(({ value }) => value.n);
      expect(await values({ odd: true }, 2000)).toEqual(all.filter((n) => n % 2 === 1));
      expect(await values({ n: { $lt: 10 } }, 3, 1)).toEqual(all.filter((n) => n < 10).slice(1, 4));
      expect(await values({ n: 7 }, 1)).toEqual(all.filter((n) => n === 7));
      expect(await values({ n: { $gte: 0 } }, 1, 201)).toEqual([all[201]]);
    }
    store.close();
  });
});

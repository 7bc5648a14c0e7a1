import { CaseClock, runRandomStore } from "@holdpoint/checkpoint/conformance";
import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PostgresSaver, PostgresStore } from "../../src/index.js";
import { SQL } from "../../src/statements.js";
import { STORE_SQL } from "../../src/store/store-statements.js";
import { checkpoint, codeOf, countingPool, failureOf, META, THREAD } from "../fixtures.js";
import { newSchema, sharedServer } from "../shared-server.js";

const NAMESPACE = ["users", "ada"];

let url: string;
let pool: pg.Pool;
beforeAll(async () => {
  url = await sharedServer();
  pool = new pg.Pool({ connectionString: url, max: 20 });
});
afterAll(() => pool.end());

const fresh = (options: ConstructorParameters<typeof PostgresStore>[1] = {}) => {
  const schema = newSchema();
  return { schema, store: new PostgresStore(pool, { schema, ...options }) };
};

describe("random operations", () => {
  it("give what a list of documents gives", async () => {
    const clock = new CaseClock();
    const { schema, store } = fresh({ now: clock.now });
    await store.setup();
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 40 }), async (seed, steps) => {
        await runRandomStore(store, { seed, steps, clock });
        await pool.query(`DELETE FROM "${schema}".document`);
      }),
      { numRuns: 25 },
    );
  });
});

describe("the database of a store", () => {
  it("keeps documents from one store to the next, beside those of a saver", async () => {
    const schema = newSchema();
    const first = PostgresStore.fromConnString(url, { schema, ttl: { defaultTtl: 60 } });
    await first.put(NAMESPACE, "settings", { at: new Date(5) });
    await first.stop();
    const saver = new PostgresSaver(pool, { schema });
    const saved = checkpoint({ a: 1 });
    await saver.put(THREAD, saved, META, {});
    const second = new PostgresStore(pool, { schema, prepare: false, busyTimeout: 100 });
    expect((await second.get(NAMESPACE, "settings"))?.value).toEqual({ at: new Date(5) });
    await saver.deleteThread("t");
    expect(await second.search([])).toHaveLength(1);
    await second.end();
    // The pool that was handed over is still open.
    expect((await pool.query(`SELECT count(*)::int AS n FROM "${schema}".document`)).rows).toEqual([{ n: 1 }]);
  });

  it("is set up once, for many stores and savers at once", async () => {
    const schema = newSchema();
    const all = Array.from({ length: 8 }, (_, n) =>
      n % 2 === 0 ? new PostgresStore(pool, { schema }) : new PostgresSaver(pool, { schema }),
    );
    await Promise.all(all.map((one, n) => (one instanceof PostgresStore && n % 4 === 0 ? one.get(NAMESPACE, "k") : one.setup())));
    const { rows } = await pool.query(`SELECT number FROM "${schema}".store_migration`);
    expect(rows).toEqual([{ number: 1 }]);
  });

  it("finds a schema that somebody has made since this session looked for it", async () => {
    const schema = newSchema();
    const client = await pool.connect();
    try {
      await client.query("BEGIN");
      // Prepared, as ours are: it is not parsed again, which would make the session look anew.
      const find = () => client.query({ name: "find", text: SQL.findSchema, values: [schema] });
      expect((await find()).rows).toEqual([{ found: false }]);
      await pool.query(`CREATE SCHEMA "${schema}"`);
      expect((await find()).rows).toEqual([{ found: true }]);
    } finally {
      await client.query("ROLLBACK");
      client.release();
    }
  });

  it("is refused where a newer version has changed it, whatever the saver's version is", async () => {
    const { schema, store } = fresh();
    await store.start();
    await pool.query(`INSERT INTO "${schema}".store_migration (number) VALUES (99)`);
    const late = new PostgresStore(pool, { schema });
    expect(await codeOf(late.get(NAMESPACE, "k"))).toBe("NEWER_DATABASE");
    expect(await codeOf(new PostgresSaver(pool, { schema }).setup())).toBeUndefined();
    await pool.query(`DELETE FROM "${schema}".store_migration WHERE number = 99`);
    expect(await late.get(NAMESPACE, "k")).toBeNull();
  });

  it("works for a user who may not create anything, in a schema that is there", async () => {
    const { schema, store } = fresh();
    await store.setup();
    const role = `role_${schema}`;
    await pool.query(`CREATE ROLE ${role} LOGIN PASSWORD 'p'; GRANT USAGE ON SCHEMA "${schema}" TO ${role};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "${schema}" TO ${role}`);
    const limited = PostgresStore.fromConnString(url.replace("postgres:secret%20word", `${role}:p`), { schema });
    await limited.batch(["a", "b"].map((key) => ({ namespace: NAMESPACE, key, value: { key }, ttl: 1 })));
    expect((await limited.search(NAMESPACE, { refreshTtl: true })).map(({ key }) => key)).toEqual(["b", "a"]);
    expect(await limited.sweepExpired()).toBe(0);
    await limited.end();
  });

  it("cannot be used after end", async () => {
    const store = PostgresStore.fromConnString(url, { schema: newSchema() });
    await store.setup();
    await store.end();
    await store.stop();
    for (const call of [store.get(NAMESPACE, "k"), store.put(NAMESPACE, "k", {}), store.search([]), store.sweepExpired()]) {
      expect(await codeOf(call)).toBe("STORAGE_CLOSED");
    }
  });

  it.each([{ busyTimeout: -1 }, { max: 0 }, { schema: "public" }, { ttl: { defaultTtl: 0 } }])("is not opened with %j", (options) => {
    expect(() => PostgresStore.fromConnString(url, options)).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
  });

  it("tells of a document that somebody else has in hand for too long, and saves nothing; reading goes on", async () => {
    const { schema, store } = fresh({ busyTimeout: 50 });
    await store.put(NAMESPACE, "k", { n: 1 }, { ttl: 5 });
    const other = await pool.connect();
    await other.query(`BEGIN; UPDATE "${schema}".document SET updated = updated`);
    for (const call of [() => store.put(NAMESPACE, "k", { n: 2 }), () => store.delete(NAMESPACE, "k")]) {
      expect(await failureOf(call())).toMatchObject({ code: "STORAGE_BUSY", retryable: true });
    }
    expect((await store.get(NAMESPACE, "k", { refreshTtl: true }))?.value).toEqual({ n: 1 });
    await other.query("ROLLBACK");
    other.release();
    await store.put(NAMESPACE, "k", { n: 3 });
    expect((await store.get(NAMESPACE, "k"))?.value).toEqual({ n: 3 });
  });

  it("refuses names that no index of PostgreSQL can hold, and does not show them", async () => {
    const { store } = fresh();
    // Random text: the index would compress what repeats itself.
    const long = Array.from({ length: 3000 }, () => String.fromCharCode(97 + Math.floor(Math.random() * 26))).join("");
    const failure = await failureOf(store.put(NAMESPACE, long, { n: 1 }));
    expect(failure).toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(String((failure as Error).message)).not.toContain(long.slice(0, 20));
    await store.put(NAMESPACE, long.slice(0, 2000), { n: 1 });
    expect((await store.get(NAMESPACE, long.slice(0, 2000)))?.value).toEqual({ n: 1 });
  });

  it.each([
    ["a value cut short", "data = substr(data, 3)"],
    ["a value that is a list", "data = '[1]'"],
    ["a value of bytes", "data = NULL, bytes = '\\x00ff80'"],
    ["a namespace that is none", "namespace = namespace || 'x'"],
  ])("that is damaged is a typed error: %s", async (_, change) => {
    const { schema, store } = fresh();
    await store.put(NAMESPACE, "k", { n: 1 });
    await pool.query(`UPDATE "${schema}".document SET ${change}`);
    for (const filter of [undefined, { n: { $gt: 0 } }]) expect(await codeOf(store.search(["users"], { filter }))).toBe("CORRUPT_DATA");
  });
});

describe("batches at once", () => {
  it("that write the same documents in different orders do not wait for each other in a circle", async () => {
    const { store } = fresh();
    const keys = ["a", "b", "c", "d", "e", "f"];
    const writer = async (name: number) => {
      for (let n = 0; n < 40; n++) {
        const turned = [...keys.slice((n + name) % 6), ...keys.slice(0, (n + name) % 6)];
        const order = n % 2 === 0 ? turned : turned.toReversed();
        await store.batch(order.map((key, at) => ({ namespace: NAMESPACE, key, value: (at + n) % 5 === 0 ? null : { name, n } })));
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, name) => writer(name)));
    await store.batch(keys.map((key) => ({ namespace: NAMESPACE, key, value: { last: true } })));
    expect((await store.search(NAMESPACE)).map(({ key }) => key)).toEqual(keys.toReversed());
  });

  it("read one state, also where they write", async () => {
    const { store } = fresh();
    const pair = ["left", "right"].map((key) => ({ namespace: NAMESPACE, key }));
    const put = (name: number, n: number) => pair.map((place) => ({ ...place, value: { name, n } }));
    await store.batch(put(0, 0));
    const writer = async (name: number) => {
      for (let n = 0; n < 25; n++) {
        const reads = await store.batch([pair[0]!, pair[1]!, ...put(name, n)]);
        expect(reads[0]).toMatchObject({ value: (reads[1] as { value: object }).value });
      }
    };
    const reader = async () => {
      for (let n = 0; n < 60; n++) {
        const [left, right, found] = await store.batch([pair[0]!, pair[1]!, { namespacePrefix: NAMESPACE, filter: { n: { $gte: 0 } } }]);
        expect(new Set([left, right, ...found].map((item) => JSON.stringify(item?.value))).size).toBe(1);
      }
    };
    await Promise.all([writer(1), writer(2), writer(3), reader(), reader()]);
  });
});

describe("a search", () => {
  it("of a selective filter, or one that few of many meet, finds all of them however its pages fall", async () => {
    const { store } = fresh();
    const documents = Array.from({ length: 3000 }, (_, n) => ({
      namespace: ["n", `${n % 3}`],
      key: `k${n}`,
      value: { n, odd: n % 2 === 1 },
    }));
    await store.batch(documents);
    for (const prefix of [[], ["n"], ["n", "1"]]) {
      const all = Array.from({ length: 3000 }, (_, n) => 2999 - n).filter((n) => prefix.length < 2 || n % 3 === 1);
      const values = async (filter: Record<string, unknown>, limit: number, offset = 0) =>
        (await store.search(prefix, { filter, limit, offset })).map(({ value }) => value.n);
      expect(await values({ odd: true }, 4000)).toEqual(all.filter((n) => n % 2 === 1));
      expect(await values({ n: { $lt: 10 } }, 3, 1)).toEqual(all.filter((n) => n < 10).slice(1, 4));
      expect(await values({ n: 7 }, 1)).toEqual(all.filter((n) => n === 7));
      expect(await values({ n: { $gte: 0 } }, 1, 501)).toEqual([all[501]]);
    }
  });
});

describe("what is over", () => {
  it("is deleted while others are put, though nobody reads it or sweeps", async () => {
    const clock = new CaseClock();
    const { schema, store } = fresh({ now: clock.now });
    for (let n = 0; n < 150; n++) {
      await store.put(NAMESPACE, `k${n}`, { n }, { ttl: 10 });
      clock.advance(1);
    }
    expect((await pool.query(`SELECT count(*)::int AS n FROM "${schema}".document`)).rows).toEqual([{ n: 10 }]);
  });
});

describe("round trips", () => {
  it("are one for each call by itself", async () => {
    const { pool: counting, sent } = countingPool(pool);
    const store = new PostgresStore(counting, { schema: newSchema() });
    await store.setup();
    const calls = [
      () => store.put(NAMESPACE, "k", { n: 1 }, { ttl: 5 }),
      () => store.get(NAMESPACE, "k"),
      () => store.search(NAMESPACE),
      () => store.search([], { filter: { n: 1 }, limit: 1 }),
      () => store.listNamespaces(),
      () => store.batch([1, 2, 3].map((n) => ({ namespace: NAMESPACE, key: `k${n}`, value: { n } }))),
      () => store.delete(NAMESPACE, "k"),
    ];
    for (const [at, call] of calls.entries()) {
      sent.length = 0;
      await call();
      expect(sent, `call ${at}`).toHaveLength(1);
    }
  });
});

describe("statements", () => {
  it("find their rows by an index, and in the order of the puts where they read all", async () => {
    const { schema, store } = fresh();
    await store.batch(
      Array.from({ length: 5000 }, (_, n) => ({ namespace: ["u", `u${n % 500}`], key: `k${n}`, value: { n }, ttl: 1 + n })),
    );
    await pool.query(`ANALYZE "${schema}".document`);
    const planOf = async (name: Exclude<keyof typeof STORE_SQL, "lock">, values: unknown[]) => {
      const { rows } = await pool.query(`EXPLAIN (COSTS OFF) ${STORE_SQL[name].replace(/\bhp\./g, `"${schema}".`)}`, values);
      return (rows as Record<string, string>[]).map((row) => row["QUERY PLAN"]).join("\n");
    };
    const range = ['"u","u7",', '"u","u7"-'];
    const plans = {
      get: await planOf("get", ['"u","u7",', "k7", 0]),
      pageUnder: await planOf("pageUnder", [...range, 0, 10, 0]),
      matchesUnder: await planOf("matchesUnder", [...range, 0, "", "", 2 ** 40, 0, 10]),
      namespaces: await planOf("namespaces", [...range, 0]),
      pageOfAll: await planOf("pageOfAll", [0, 10, 0]),
      matchesOfAll: await planOf("matchesOfAll", [0, "", "", 2 ** 40, 0, 10]),
    };
    for (const [name, plan] of Object.entries(plans)) {
      expect(plan, name).not.toMatch(/Seq Scan/);
      expect(plan, name).toMatch(name.endsWith("All") ? /document_pkey/ : /document_namespace_key_key/);
      if (name.endsWith("All")) expect(plan, name).not.toMatch(/Sort/);
    }
  });
});

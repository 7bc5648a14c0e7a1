import { type Checkpoint, CheckpointError } from "@holdpoint/checkpoint";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PostgresSaver } from "../src/index.js";
import { checkpoint, codeOf, failureOf, META, THREAD } from "./fixtures.js";
import { newSchema, sharedServer } from "./shared-server.js";

let url: string;
let pool: pg.Pool;
beforeAll(async () => {
  url = await sharedServer();
  pool = new pg.Pool({ connectionString: url });
});
afterAll(() => pool.end());

const fresh = () => {
  const schema = newSchema();
  return { schema, saver: new PostgresSaver(pool, { schema }) };
};

describe("opening", () => {
  it("keeps what was saved from one saver to the next", async () => {
    const schema = newSchema();
    const first = PostgresSaver.fromConnString(url, { schema });
    const saved = checkpoint({ a: [1] });
    await first.put(THREAD, saved, META, {});
    await first.end();
    const second = PostgresSaver.fromConnString(url, { schema, max: 1, connectTimeout: 5000, busyTimeout: 100, prepare: false });
    expect((await second.getTuple(THREAD))?.checkpoint).toEqual(saved);
    await second.end();
  });

  it("leaves a pool that was handed over open, and what it has set for its own queries alone", async () => {
    const types = { getTypeParser: () => () => "nonsense" };
    const own = new pg.Pool({ connectionString: url, types } as pg.PoolConfig);
    const saver = new PostgresSaver(own, { schema: newSchema() });
    const saved = checkpoint({ a: 1 });
    await saver.put(THREAD, saved, META, {});
    expect((await saver.getTuple(THREAD))?.checkpoint).toEqual(saved);
    await saver.end();
    expect((await own.query("SELECT 1 AS one")).rows).toEqual([{ one: "nonsense" }]);
    await own.end();
  });

  it("adds one listener to a pool, however many savers use it", () => {
    const own = new pg.Pool({ connectionString: url });
    for (let n = 0; n < 20; n++) new PostgresSaver(own, { schema: newSchema() });
    expect(own.listenerCount("error")).toBe(1);
  });

  it("sets up by itself, again, and for many at once", async () => {
    const schema = newSchema();
    const savers = Array.from({ length: 8 }, () => PostgresSaver.fromConnString(url, { schema, max: 2 }));
    await Promise.all(savers.map((saver, n) => (n % 2 === 0 ? saver.setup() : saver.getTuple(THREAD))));
    await savers[0]!.setup();
    const { rows } = await pool.query(`SELECT number FROM "${schema}".migration ORDER BY number`);
    expect(rows).toEqual([{ number: 1 }, { number: 2 }, { number: 3 }]);
    await Promise.all(savers.map((saver) => saver.end()));
  });

  it("refuses a database that a newer version has changed, and works once that is undone", async () => {
    const { schema, saver } = fresh();
    await saver.setup();
    await pool.query(`INSERT INTO "${schema}".migration (number) VALUES (99)`);
    const late = new PostgresSaver(pool, { schema });
    expect(await codeOf(late.getTuple(THREAD))).toBe("NEWER_DATABASE");
    expect(await codeOf(late.setup())).toBe("NEWER_DATABASE");
    await pool.query(`DELETE FROM "${schema}".migration WHERE number = 99`);
    expect(await late.getTuple(THREAD)).toBeUndefined();
  });

  it("works for a user who may not create anything, in a schema that is there", async () => {
    const { schema, saver } = fresh();
    await saver.setup();
    const role = `role_${schema}`;
    await pool.query(`CREATE ROLE ${role} LOGIN PASSWORD 'p'; GRANT USAGE ON SCHEMA "${schema}" TO ${role};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "${schema}" TO ${role}`);
    const limited = PostgresSaver.fromConnString(url.replace("postgres:secret%20word", `${role}:p`), { schema });
    const saved = checkpoint({ a: 1 });
    await limited.put(THREAD, saved, META, {});
    expect((await limited.getTuple(THREAD))?.checkpoint).toEqual(saved);
    await limited.end();
    const elsewhere = PostgresSaver.fromConnString(url.replace("postgres:secret%20word", `${role}:p`), { schema: newSchema() });
    await expect(elsewhere.setup()).rejects.toThrow(/permission denied .*\(42501\)/);
    await elsewhere.end();
  });

  it("refuses a database that does not keep Unicode", async () => {
    await pool.query("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0");
    const saver = PostgresSaver.fromConnString(url.replace(/\/postgres$/, "/latin"));
    await expect(saver.setup()).rejects.toThrow(/keeps text as LATIN1/);
    await saver.end();
  });

  it.each(["", "public", "pg_x", "PG_x", "information_schema", 'a"b', "a b", "a.b", "1a", "x".repeat(51), 5, "é"])(
    "refuses the schema %j",
    (schema) => {
      const make = () => new PostgresSaver(pool, { schema: schema as string });
      expect(make).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
    },
  );

  it.each([{ busyTimeout: -1 }, { busyTimeout: Number.NaN }, { busyTimeout: 2 ** 31 }, { max: 0 }, { connectTimeout: 0.5 }])(
    "refuses the option %j",
    (options) => {
      expect(() => PostgresSaver.fromConnString(url, options)).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
    },
  );

  it("fails every call after end with STORAGE_CLOSED, and ends twice", async () => {
    const saver = PostgresSaver.fromConnString(url, { schema: newSchema() });
    await saver.setup();
    await saver.end();
    await saver.end();
    expect(await codeOf(saver.getTuple(THREAD))).toBe("STORAGE_CLOSED");
    expect(await codeOf(saver.put(THREAD, checkpoint(), META, {}))).toBe("STORAGE_CLOSED");
    expect(await codeOf(saver.recordDecisions({ configurable: { thread_id: "t", checkpoint_id: "c" } }, []))).toBe("STORAGE_CLOSED");
    expect(await codeOf(saver.subscribe(() => {}))).toBe("STORAGE_CLOSED");
    const never = PostgresSaver.fromConnString(url);
    await never.end();
    expect(await codeOf(never.deleteThread("t"))).toBe("STORAGE_CLOSED");
  });
});

describe("what happens to a thread that others change", () => {
  it("goes on with one that another connection deleted, whole", async () => {
    const schema = newSchema();
    const [one, two] = [new PostgresSaver(pool, { schema }), new PostgresSaver(pool, { schema })];
    const root = checkpoint({ a: "x".repeat(500), b: 1 });
    const config = await one.put(THREAD, root, META, {});
    await two.deleteThread("t");
    const child = checkpoint({ b: 2 }, root);
    await one.put(config, child, META, {}, root);
    const tuple = await two.getTuple(THREAD);
    expect(tuple?.checkpoint).toEqual(child);
    expect(tuple?.parentConfig?.configurable?.checkpoint_id).toBe(root.id);
  });

  it("builds on a parent that another connection replaced, not on what it remembers of it", async () => {
    const schema = newSchema();
    const [one, two] = [new PostgresSaver(pool, { schema }), new PostgresSaver(pool, { schema })];
    const root = checkpoint({ list: ["a", "b"], rest: "x".repeat(500) });
    const config = await one.put(THREAD, root, META, {});
    const other: Checkpoint = { ...root, channel_values: { ...root.channel_values, list: ["other"] } };
    await two.put(THREAD, other, META, {});
    const child = checkpoint({ list: [...(root.channel_values.list as string[]), "c"] }, root);
    await one.put(config, child, META, {}, root);
    expect((await two.getTuple(THREAD))?.checkpoint).toEqual(child);
    expect((await two.getTuple(config))?.checkpoint).toEqual(other);
  });

  it("saves checkpoints, writes and deletions of one thread at once, from many connections, whole or not at all", async () => {
    const schema = newSchema();
    const savers = Array.from({ length: 4 }, () => new PostgresSaver(pool, { schema }));
    const expected = new Map<string, Checkpoint>();
    const work = savers.map(async (saver, who) => {
      let parent: Checkpoint | undefined;
      for (let n = 0; n < 40; n++) {
        const one = checkpoint({ log: [...((parent?.channel_values.log as string[]) ?? []), `${who} ${n}`], pad: "x".repeat(300) }, parent);
        expected.set(one.id, one);
        const from = parent === undefined ? THREAD : { configurable: { ...THREAD.configurable, checkpoint_id: parent.id } };
        const config = await saver.put(from, one, META, {}, parent);
        await saver.putWrites(config, [["__interrupt__", [{ id: `q${who}` }]]], `task ${who}`);
        if (n % 13 === 5) await saver.deleteThread("t");
        if (n % 7 === 3) await saver.prune({ keepLast: 3 });
        parent = one;
      }
    });
    await Promise.all(work);
    let count = 0;
    for await (const { checkpoint: found } of savers[0]!.list(THREAD)) {
      expect(found).toEqual(expected.get(found.id));
      count += 1;
    }
    expect(count).toBeGreaterThan(0);
    const { rows } = await pool.query(`
      SELECT (SELECT count(*) FROM "${schema}".write w WHERE NOT EXISTS (SELECT 1 FROM "${schema}".checkpoint c WHERE c.pk = w.checkpoint)) AS writes,
        (SELECT count(*) FROM "${schema}".checkpoint c WHERE parent IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM "${schema}".checkpoint p WHERE p.pk = c.parent)) AS parents`);
    expect(rows).toEqual([{ writes: "0", parents: "0" }]);
  });
});

describe("the order of checkpoints", () => {
  it("is that of their bytes, whatever the database sorts text by", async () => {
    const { saver } = fresh();
    const ids = ["B", "_", "a", "ä", "é", "中", "😀"];
    for (const id of ids.toReversed()) await saver.put(THREAD, { ...checkpoint({ id }), id }, META, {});
    expect((await saver.getTuple(THREAD))?.checkpoint.id).toBe("😀");
    const listed: string[] = [];
    for await (const tuple of saver.list({ configurable: { thread_id: "t", checkpoint_ns: "" } })) listed.unshift(tuple.checkpoint.id);
    expect(listed).toEqual(ids);
    const before = { configurable: { checkpoint_id: "ä" } };
    for await (const tuple of saver.list(THREAD, { before, limit: 1 })) expect(tuple.checkpoint.id).toBe("a");
    const { rows } = await pool.query("SELECT 'B' < 'a' AS bytes");
    expect(rows).toEqual([{ bytes: false }]);
  });
});

describe("a thread that is pruned while a run begins", () => {
  it("is pruned before its lease is taken, or left alone", async () => {
    const { saver, schema } = fresh();
    const other = new PostgresSaver(pool, { schema });
    for (let round = 0; round < 40; round++) {
      const thread = { configurable: { thread_id: `t${round}` } };
      await saver.put(thread, checkpoint({ a: 1 }), META, {});
      const lease = { id: "l", host: "elsewhere", pid: 1, expiresAt: Date.now() + 60_000 };
      const running = saver.acquireLease(`t${round}`, lease, Date.now()).then(() => saver.getTuple(thread));
      const [read, { threads }] = await Promise.all([running, other.prune({ threadId: `t${round}`, keepLast: 0 })]);
      // What a run has found once it has the lease stays.
      expect(read === undefined).toBe(threads === 1);
      expect((await saver.getTuple(thread)) === undefined).toBe(read === undefined);
    }
  });
});

describe("writes that come before their checkpoint", () => {
  it("are there when it comes, and are no checkpoint until then", async () => {
    const { saver } = fresh();
    const late = checkpoint({ a: 1 });
    const config = { configurable: { thread_id: "t", checkpoint_ns: "", checkpoint_id: late.id } };
    await saver.putWrites(config, [["a", 2]], "task");
    expect(await saver.getTuple(THREAD)).toBeUndefined();
    expect(await saver.getTuple(config)).toBeUndefined();
    for await (const tuple of saver.list({})) expect(tuple).toBeUndefined();
    const decision = { interruptId: "i", value: 1, at: "", revision: 0 };
    expect(await codeOf(saver.recordDecisions(config, [decision]))).toBe("UNKNOWN_CHECKPOINT");
    await saver.put(THREAD, late, META, {});
    expect((await saver.getTuple(THREAD))?.pendingWrites).toEqual([["task", "a", 2]]);
  });

  it("may name a reserved channel twice: the last one counts", async () => {
    const { saver } = fresh();
    const config = await saver.put(THREAD, checkpoint(), META, {});
    await saver.putWrites(
      config,
      [
        ["__error__", 1],
        ["a", 1],
        ["__error__", 2],
      ],
      "task",
    );
    expect((await saver.getTuple(config))?.pendingWrites).toEqual([
      ["task", "__error__", 2],
      ["task", "a", 1],
    ]);
  });
});

describe("damage", () => {
  const damages: [string, string][] = [
    ["text cut short", "UPDATE s.checkpoint SET data = substr(data, 1, length(data) / 2)"],
    ["other JSON", `UPDATE s.checkpoint SET data = '{"a":[1]}'`],
    ["bytes", "UPDATE s.checkpoint SET data = NULL, bytes = '\\x00ff8001'"],
    ["nothing at all", "UPDATE s.checkpoint SET data = NULL, bytes = NULL"],
    ["a record of wrong parts", "UPDATE s.checkpoint SET data = '[1,4,\"\",7,null,{}]'"],
    ["an unknown tag", `UPDATE s.checkpoint SET data = '[0,4,"",{},{},{"a":{"~hp":"eval","v":1}}]'`],
    ["a patch without what it patches", "DELETE FROM s.checkpoint WHERE NOT is_patch"],
    ["a parent chain in a circle", "UPDATE s.checkpoint SET is_patch = true, parent = pk"],
    ["a patch on a line of others", "UPDATE s.checkpoint SET line = line + 1 WHERE NOT is_patch"],
    ["metadata cut short", "UPDATE s.checkpoint SET metadata = substr(metadata, 3)"],
  ];

  it.each(damages)("%s is a typed error, for reading and listing", async (_, sql) => {
    const { saver, schema } = fresh();
    const root = checkpoint({ text: "x".repeat(5000), n: 0 });
    const config = await saver.put(THREAD, root, META, {});
    await saver.put(config, checkpoint({ n: 1 }, root), META, {}, root);
    await pool.query(sql.replaceAll("s.", `"${schema}".`));
    expect(await codeOf(saver.getTuple(THREAD))).toBe("CORRUPT_DATA");
    const listed = (async () => {
      for await (const tuple of saver.list(THREAD, { filter: { source: "loop" } })) expect(tuple).toBeDefined();
    })();
    expect(await codeOf(listed)).toBe("CORRUPT_DATA");
  });
});

describe("configs that name nothing usable", () => {
  it.each<[string, Record<string, unknown>]>([
    ["no thread", {}],
    ["an empty thread", { thread_id: "" }],
    ["a number", { thread_id: 7 }],
    ["an object", { thread_id: { toString: () => "t" } }],
    ["a namespace that is none", { thread_id: "t", checkpoint_ns: 1 }],
    ["a parent that cannot be sorted", { thread_id: "t", checkpoint_id: "a\0b" }],
  ])("%s is INVALID_CONFIG", async (_, configurable) => {
    const { saver } = fresh();
    expect(await codeOf(saver.put({ configurable } as typeof THREAD, checkpoint(), META, {}))).toBe("INVALID_CONFIG");
  });

  it("a checkpoint without a usable id, or that is none, is INVALID_ARGUMENT", async () => {
    const { saver } = fresh();
    for (const id of ["", "\ud800", 5, undefined]) {
      expect(await codeOf(saver.put(THREAD, { ...checkpoint(), id } as Checkpoint, META, {}))).toBe("INVALID_ARGUMENT");
    }
    const broken = { ...checkpoint(), channel_values: undefined } as unknown as Checkpoint;
    expect(await codeOf(saver.put(THREAD, broken, META, {}))).toBe("INVALID_ARGUMENT");
    const own = checkpoint();
    const itself = { configurable: { thread_id: "t", checkpoint_id: own.id } };
    expect(await codeOf(saver.put(itself, own, META, {}))).toBe("INVALID_ARGUMENT");
  });

  it("ids that no index can hold are INVALID_ARGUMENT; long ones are kept", async () => {
    const { saver } = fresh();
    // Text that compresses well would fit in spite of its length.
    const long = (length: number) => Array.from({ length }, (_, n) => String.fromCharCode(0x4e00 + ((n * 7919) % 20_000))).join("");
    expect(await codeOf(saver.put({ configurable: { thread_id: long(4000) } }, checkpoint(), META, {}))).toBe("INVALID_ARGUMENT");
    const config = await saver.put({ configurable: { thread_id: long(700) } }, checkpoint({ a: 1 }), META, {});
    expect((await saver.getTuple(config))?.checkpoint.channel_values).toEqual({ a: 1 });
  });

  it("a value that cannot be saved is told by its path, and nothing is left of the attempt", async () => {
    const { saver } = fresh();
    const root = checkpoint({ n: 0 });
    const config = await saver.put(THREAD, root, META, {});
    const bad = checkpoint({ tools: [{ run: () => 1 }] }, root);
    await expect(saver.put(config, bad, META, {}, root)).rejects.toThrow(/\.channel_values\.tools\[0\]\.run is a function/);
    await expect(saver.putWrites(config, [["a", Symbol("s")]], "task")).rejects.toThrow(/symbol/);
    expect((await saver.getTuple(THREAD))?.checkpoint.id).toBe(root.id);
    expect((await saver.getTuple(THREAD))?.pendingWrites).toEqual([]);
  });
});

describe("a database with another isolation level", () => {
  it("is told, instead of reading what has changed meanwhile", async () => {
    const own = new pg.Pool({ connectionString: url, options: "-c default_transaction_isolation=serializable" });
    const saver = new PostgresSaver(own, { schema: newSchema() });
    const error = await failureOf(saver.put(THREAD, checkpoint(), META, {}));
    expect(CheckpointError.is(error, "STORAGE_FAILED") && error.message).toMatch(/read committed/);
    await own.end();
  });
});

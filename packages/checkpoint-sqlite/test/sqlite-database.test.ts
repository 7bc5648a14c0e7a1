import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Checkpoint, type CheckpointConfig, CheckpointError, checkpointId } from "@holdpoint/checkpoint";
import { describe, expect, it } from "vitest";
import { type SqliteHandle, SqliteSaver } from "../src/index.js";
import { newFile } from "./new-file.js";

const require = createRequire(import.meta.url);
// The driver that fromConnString takes here: two drivers in one process do not see each other's locks.
const builtIn = process.getBuiltinModule?.("node:sqlite" as "fs") as { DatabaseSync?: unknown } | undefined;
const Database = (builtIn?.DatabaseSync ?? require("libsql")) as new (path: string) => SqliteHandle;

const THREAD = { configurable: { thread_id: "t" } };
const META = { source: "loop", step: 0, parents: {} } as const;

function checkpoint(values: Record<string, unknown>, parent?: Checkpoint): Checkpoint {
  const id = checkpointId(parent?.id);
  return {
    v: 4,
    id,
    ts: new Date().toISOString(),
    channel_values: { ...parent?.channel_values, ...values },
    channel_versions: { ...parent?.channel_versions, ...Object.fromEntries(Object.keys(values).map((key) => [key, id])) },
    versions_seen: {},
  };
}

function codeOf(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return CheckpointError.is(error) ? error.code : error;
  }
}

async function codeOfAsync(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => (CheckpointError.is(error) ? error.code : error),
  );
}

describe("opening", () => {
  it.each([
    ["one after the other, as node:sqlite does", false],
    ["as one list too, as libsql does", true],
  ])("works with a driver that takes values %s", async (_, takesLists) => {
    const inner = new Database(":memory:");
    const bound: boolean[] = [];
    const spread = (values: unknown[]) => {
      const [list] = values;
      bound.push(Array.isArray(list));
      if (!Array.isArray(list)) return values as never[];
      if (!takesLists) throw new TypeError("Unknown named parameter '0'");
      return list as never[];
    };
    const handle: SqliteHandle = {
      prepare: (sql) => {
        const statement = inner.prepare(sql);
        return {
          run: (...values) => statement.run(...spread(values)),
          get: (...values) => statement.get(...spread(values)),
          all: (...values) => statement.all(...spread(values)),
        };
      },
      exec: (sql) => inner.exec(sql),
      close: () => inner.close(),
    };
    const saver = new SqliteSaver(handle);
    bound.length = 0;
    const saved = checkpoint({ a: [1] });
    const config = await saver.put(THREAD, saved, META, {});
    await saver.putWrites(config, [["a", new Uint8Array([1])]], "task");
    expect((await saver.getTuple(THREAD))?.checkpoint).toEqual(saved);
    expect(new Set(bound)).toEqual(new Set([takesLists]));
    saver.close();
  });

  it("keeps what was saved from one saver to the next", async () => {
    const file = newFile();
    const first = SqliteSaver.fromConnString(file);
    const saved = checkpoint({ a: [1] });
    await first.put(THREAD, saved, META, {});
    first.close();
    const second = SqliteSaver.fromConnString(file, { synchronous: "full", busyTimeout: 100 });
    expect((await second.getTuple(THREAD))?.checkpoint).toEqual(saved);
    second.close();
  });

  it("takes a handle that is open, leaves its settings and the other tables alone", async () => {
    const file = newFile();
    const handle = new Database(file);
    handle.exec("CREATE TABLE checkpoints (mine TEXT); PRAGMA user_version = 99;");
    const saver = new SqliteSaver(handle);
    await saver.put(THREAD, checkpoint({ a: 1 }), META, {});
    expect(handle.prepare("PRAGMA journal_mode").get()).toMatchObject({ journal_mode: "delete" });
    expect(handle.prepare("PRAGMA user_version").get()).toMatchObject({ user_version: 99 });
    expect(handle.prepare("SELECT count(*) AS n FROM checkpoints").get()).toMatchObject({ n: 0 });
    saver.close();
  });

  it("uses a write-ahead log for files that it opens itself", () => {
    const file = newFile();
    const saver = SqliteSaver.fromConnString(file);
    const handle = new Database(file);
    expect(handle.prepare("PRAGMA journal_mode").get()).toMatchObject({ journal_mode: "wal" });
    handle.close();
    saver.close();
  });

  it("refuses a database that a newer version has changed", () => {
    const file = newFile();
    SqliteSaver.fromConnString(file).close();
    const handle = new Database(file);
    handle.exec("INSERT INTO holdpoint_migration (number, at) VALUES (99, 'later')");
    expect(codeOf(() => new SqliteSaver(handle))).toBe("NEWER_DATABASE");
    handle.close();
    expect(codeOf(() => SqliteSaver.fromConnString(file))).toBe("NEWER_DATABASE");
  });

  it("says what is wrong with a file that is no database, or cannot be one", () => {
    const junk = newFile();
    writeFileSync(junk, "this is a text file, not a database\n".repeat(200));
    expect(codeOf(() => SqliteSaver.fromConnString(junk))).toBe("CORRUPT_DATA");
    expect(codeOf(() => SqliteSaver.fromConnString("/nowhere/at/all.db"))).toBe("STORAGE_FAILED");
    const folder = newFile();
    mkdirSync(folder);
    expect(codeOf(() => SqliteSaver.fromConnString(folder))).toBe("STORAGE_FAILED");
    expect(codeOf(() => SqliteSaver.fromConnString(newFile(), { busyTimeout: -1 }))).toBe("INVALID_ARGUMENT");
  });

  it("fails every call after close with STORAGE_CLOSED", async () => {
    const saver = SqliteSaver.fromConnString(":memory:");
    saver.close();
    saver.close();
    expect(await codeOfAsync(saver.getTuple(THREAD))).toBe("STORAGE_CLOSED");
    expect(await codeOfAsync(saver.put(THREAD, checkpoint({}), META, {}))).toBe("STORAGE_CLOSED");
    expect(await codeOfAsync(saver.deleteThread("t"))).toBe("STORAGE_CLOSED");
  });
});

describe("a database that others use", () => {
  it("fails with a retryable STORAGE_BUSY while it is locked, and saves nothing", async () => {
    const file = newFile();
    const saver = SqliteSaver.fromConnString(file, { busyTimeout: 20 });
    const root = checkpoint({ a: 1 });
    const config = await saver.put(THREAD, root, META, {});
    const other = new Database(file);
    other.exec("BEGIN IMMEDIATE");
    const error = await saver.put(config, checkpoint({ a: 2 }, root), META, {}, root).catch((cause: unknown) => cause);
    expect(CheckpointError.is(error, "STORAGE_BUSY") && error.retryable).toBe(true);
    expect(await codeOfAsync(saver.putWrites(config, [["a", 1]], "task"))).toBe("STORAGE_BUSY");
    expect((await saver.getTuple(THREAD))?.checkpoint).toEqual(root);
    other.exec("ROLLBACK");
    await saver.put(config, checkpoint({ a: 2 }, root), META, {}, root);
    expect((await saver.getTuple(THREAD))?.checkpoint.channel_values).toEqual({ a: 2 });
    other.close();
    saver.close();
  });

  it("goes on with a thread that another connection deleted, whole", async () => {
    const file = newFile();
    const [one, two] = [SqliteSaver.fromConnString(file), SqliteSaver.fromConnString(file)];
    const root = checkpoint({ a: "x".repeat(500), b: 1 });
    const config = await one.put(THREAD, root, META, {});
    await two.deleteThread("t");
    const child = checkpoint({ b: 2 }, root);
    await one.put(config, child, META, {}, root);
    const tuple = await two.getTuple(THREAD);
    expect(tuple?.checkpoint).toEqual(child);
    expect(tuple?.parentConfig?.configurable?.checkpoint_id).toBe(root.id);
    one.close();
    two.close();
  });
});

describe("writes that come before their checkpoint", () => {
  it("are there when it comes, and are no checkpoint until then", async () => {
    const saver = SqliteSaver.fromConnString(":memory:");
    const late = checkpoint({ a: 1 });
    const config = { configurable: { thread_id: "t", checkpoint_ns: "", checkpoint_id: late.id } };
    await saver.putWrites(config, [["a", 2]], "task");
    expect(await saver.getTuple(THREAD)).toBeUndefined();
    expect(await saver.getTuple(config)).toBeUndefined();
    for await (const tuple of saver.list({})) expect(tuple).toBeUndefined();
    expect(await codeOfAsync(saver.recordDecisions(config, [{ interruptId: "i", value: 1, at: "", revision: 0 }]))).toBe(
      "UNKNOWN_CHECKPOINT",
    );
    await saver.put(THREAD, late, META, {});
    expect((await saver.getTuple(THREAD))?.pendingWrites).toEqual([["task", "a", 2]]);
    saver.close();
  });
});

describe("damage", () => {
  const damages: [string, string][] = [
    ["a blob cut short", "UPDATE holdpoint_checkpoint SET data = substr(data, 1, length(data) / 2)"],
    ["a blob of other JSON", `UPDATE holdpoint_checkpoint SET data = '{"a":[1]}'`],
    ["a blob of bytes", "UPDATE holdpoint_checkpoint SET data = x'00ff8001'"],
    ["a record of wrong parts", "UPDATE holdpoint_checkpoint SET data = '[1,4,\"\",7,null,{}]'"],
    ["an unknown tag", `UPDATE holdpoint_checkpoint SET data = '[0,4,"",{},{},{"a":{"~hp":"eval","v":1}}]'`],
    ["a patch without what it patches", "DELETE FROM holdpoint_checkpoint WHERE is_patch = 0"],
    ["a parent chain in a circle", "UPDATE holdpoint_checkpoint SET is_patch = 1, parent = pk"],
    ["metadata cut short", "UPDATE holdpoint_checkpoint SET metadata = substr(metadata, 3)"],
  ];

  it.each(damages)("%s is a typed error, for reading and listing", async (_, sql) => {
    const handle = new Database(":memory:");
    const saver = new SqliteSaver(handle);
    const root = checkpoint({ text: "x".repeat(5000), n: 0 });
    const config = await saver.put(THREAD, root, META, {});
    await saver.put(config, checkpoint({ n: 1 }, root), META, {}, root);
    handle.exec(sql);
    expect(await codeOfAsync(saver.getTuple(THREAD))).toBe("CORRUPT_DATA");
    const listed = (async () => {
      for await (const tuple of saver.list(THREAD, { filter: { source: "loop" } })) expect(tuple).toBeDefined();
    })();
    expect(await codeOfAsync(listed)).toBe("CORRUPT_DATA");
    saver.close();
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
    ["a parent of half a character", { thread_id: "t", checkpoint_id: "\ud800" }],
  ])("%s is INVALID_CONFIG", async (_, configurable) => {
    const saver = SqliteSaver.fromConnString(":memory:");
    const config = { configurable } as typeof THREAD;
    expect(await codeOfAsync(saver.put(config, checkpoint({}), META, {}))).toBe("INVALID_CONFIG");
    saver.close();
  });

  it("a checkpoint without a usable id, or that is none, is INVALID_ARGUMENT", async () => {
    const saver = SqliteSaver.fromConnString(":memory:");
    for (const id of ["", "\ud800", 5, undefined]) {
      expect(await codeOfAsync(saver.put(THREAD, { ...checkpoint({}), id } as Checkpoint, META, {}))).toBe("INVALID_ARGUMENT");
    }
    const broken = { ...checkpoint({}), channel_values: undefined } as unknown as Checkpoint;
    expect(await codeOfAsync(saver.put(THREAD, broken, META, {}))).toBe("INVALID_ARGUMENT");
    const own = checkpoint({});
    expect(await codeOfAsync(saver.put({ configurable: { thread_id: "t", checkpoint_id: own.id } }, own, META, {}))).toBe(
      "INVALID_ARGUMENT",
    );
    saver.close();
  });

  it("a value that cannot be saved is told by its path, and nothing is left of the attempt", async () => {
    const saver = SqliteSaver.fromConnString(":memory:");
    const root = checkpoint({ n: 0 });
    const config = await saver.put(THREAD, root, META, {});
    const bad = checkpoint({ tools: [{ run: () => 1 }] }, root);
    await expect(saver.put(config, bad, META, {}, root)).rejects.toThrow(/\.channel_values\.tools\[0\]\.run is a function/);
    await expect(saver.put({ configurable: { thread_id: "new" } }, bad, META, {})).rejects.toThrow(/\.channel_values\.tools/);
    await expect(
      saver.putWrites(
        config,
        [
          ["a", 1],
          ["b", Symbol("s")],
        ],
        "task",
      ),
    ).rejects.toThrow(/symbol/);
    expect((await saver.getTuple(THREAD))?.checkpoint.id).toBe(root.id);
    expect((await saver.getTuple(THREAD))?.pendingWrites).toEqual([]);
    saver.close();
  });
});

describe("size on disk", () => {
  it("of a conversation of 1 kB messages is at most 1.5 times its text and a constant for each step", async () => {
    const file = newFile();
    const saver = SqliteSaver.fromConnString(file);
    let parent: Checkpoint | undefined;
    let config: CheckpointConfig = THREAD;
    const steps = 600;
    for (let n = 0; n < steps; n++) {
      const messages = [
        ...((parent?.channel_values.messages as unknown[]) ?? []),
        { role: "user", content: "x".repeat(1000), id: `m${n}` },
      ];
      const one = checkpoint({ messages, n }, parent);
      config = await saver.put(config, one, { ...META, step: n }, {}, parent);
      parent = one;
    }
    saver.close();
    const handle = new Database(file);
    handle.prepare("PRAGMA wal_checkpoint(TRUNCATE)").all();
    handle.close();
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(file).length / steps).toBeLessThan(1.5 * 1000 + 300);
  });
});

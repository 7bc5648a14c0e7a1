import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import {
  type Checkpoint,
  type CheckpointConfig,
  CheckpointError,
  checkpointId,
  encryptedSerializer,
  type KeyRing,
  verifyJournal,
} from "@holdpoint/checkpoint";
import { describeConformance } from "@holdpoint/checkpoint/conformance";
import { describe, expect, it } from "vitest";
import { SqliteSaver } from "../src/index.js";
import { newFile } from "./new-file.js";
import { openHandle } from "./open-handle.js";
import { toSchemaOne } from "./to-schema-one.js";

const KEYS: KeyRing = { current: "k1", keys: { k1: randomBytes(32) } };
const serializer = encryptedSerializer({ keys: KEYS });
const META = { source: "loop", step: 0, parents: {}, note: "SECRET-metadata" } as const;

describeConformance(
  { describe, it },
  {
    name: "SqliteSaver with encryption",
    create: () => SqliteSaver.fromConnString(newFile(), { serializer }),
    dispose: (saver) => (saver as SqliteSaver).close(),
    serializer,
  },
);

function checkpoint(values: Record<string, unknown>, parent?: Checkpoint): Checkpoint {
  const id = checkpointId(parent?.id);
  return {
    v: 4,
    id,
    ts: "",
    channel_values: { ...parent?.channel_values, ...values },
    channel_versions: { ...parent?.channel_versions, ...Object.fromEntries(Object.keys(values).map((key) => [key, id])) },
    versions_seen: {},
  };
}

/** Saves something of each kind to a thread. */
async function fill(saver: SqliteSaver, threadId: string): Promise<CheckpointConfig> {
  const root = checkpoint({ text: `SECRET-state ${"x".repeat(3000)}`, n: 0 });
  const child = checkpoint({ n: `SECRET-change of ${threadId}` }, root);
  const first = await saver.put({ configurable: { thread_id: threadId } }, root, META, {});
  const config = await saver.put(first, child, META, {}, root);
  await saver.putWrites(
    config,
    [
      ["a", `SECRET-write of ${threadId}`],
      ["b", true],
    ],
    "task",
  );
  const asked = [{ id: "q", value: "SECRET-question", ns: [], graph: "desk", terms: { assignees: ["ann"], hint: "SECRET-terms" } }];
  await saver.putWrites(config, [["__interrupt__", [...asked, { id: "open", value: "SECRET-open", ns: [] }]]], "asking");
  const decision = { interruptId: "q", value: `SECRET-answer of ${threadId}`, at: "", revision: 0, by: "SECRET-by" };
  await saver.recordDecisions(config, [decision], [{ at: "", kind: "decided", data: { threadId, why: "SECRET-entry" } }]);
  return config;
}

async function codeOf(run: () => Promise<unknown>): Promise<unknown> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return CheckpointError.is(error) ? error.code : error;
  }
}

/** Every file that belongs to a database, its log included. */
function bytesOf(file: string): Buffer {
  const names = readdirSync(dirname(file)).filter((name) => name.startsWith(`${basename(file)}`));
  return Buffer.concat(names.map((name) => readFileSync(join(dirname(file), name))));
}

describe("an encrypted database", () => {
  it("holds no value in plain text, neither in its file nor in its log", async () => {
    const [file, plain] = [newFile(), newFile()];
    const saver = SqliteSaver.fromConnString(file, { serializer });
    const open = SqliteSaver.fromConnString(plain);
    for (const one of [saver, open]) await fill(one, "thread-1");
    const words = ["state", "change", "write", "metadata", "question", "terms", "open", "answer", "by", "entry"];
    for (const word of words) expect(bytesOf(plain).includes(`SECRET-${word}`), word).toBe(true);
    expect(bytesOf(file).includes("SECRET")).toBe(false);
    saver.close();
    open.close();
    expect(bytesOf(file).includes("SECRET")).toBe(false);
    expect(bytesOf(file).includes("thread-1")).toBe(true);
  });

  it("is read by a saver that has the key, with its inbox and journal", async () => {
    const file = newFile();
    const first = SqliteSaver.fromConnString(file, { serializer });
    const config = await fill(first, "t");
    first.close();
    const saver = SqliteSaver.fromConnString(file, { serializer: encryptedSerializer({ keys: KEYS }) });
    const tuple = await saver.getTuple(config);
    expect(tuple?.checkpoint.channel_values).toMatchObject({ n: "SECRET-change of t" });
    expect(tuple?.pendingWrites).toHaveLength(4);
    expect((await saver.listInterrupts({ assignee: "ann", status: "any" })).items).toMatchObject([
      { id: "open", status: "pending", value: "SECRET-open" },
      { id: "q", status: "decided", value: "SECRET-question", graph: "desk" },
    ]);
    expect(await verifyJournal(saver.readJournal(), { serializer })).toMatchObject({ kind: "intact", entries: 1 });
    const found: unknown[] = [];
    for await (const { metadata } of saver.list({}, { filter: { note: "SECRET-metadata" } })) found.push(metadata);
    expect(found).toHaveLength(2);
    saver.close();
  });

  it("is refused without encryption, and with another key or without the one that it names", async () => {
    const file = newFile();
    const first = SqliteSaver.fromConnString(file, { serializer });
    const config = await fill(first, "t");
    first.close();
    const tries: [SqliteSaver, string][] = [
      [SqliteSaver.fromConnString(file), "CORRUPT_DATA"],
      [
        SqliteSaver.fromConnString(file, { serializer: encryptedSerializer({ keys: { ...KEYS, keys: { k1: randomBytes(32) } } }) }),
        "CORRUPT_DATA",
      ],
      [
        SqliteSaver.fromConnString(file, { serializer: encryptedSerializer({ keys: { current: "x", keys: { x: randomBytes(32) } } }) }),
        "UNKNOWN_KEY",
      ],
    ];
    for (const [saver, code] of tries) {
      expect(await codeOf(() => saver.getTuple(config))).toBe(code);
      expect(await codeOf(() => saver.listInterrupts())).toBe(code);
      saver.close();
    }
  });

  it("does not take plain data for its own", async () => {
    const file = newFile();
    const plain = SqliteSaver.fromConnString(file);
    const config = await fill(plain, "t");
    plain.close();
    const saver = SqliteSaver.fromConnString(file, { serializer });
    expect(await codeOf(() => saver.getTuple(config))).toBe("CORRUPT_DATA");
    expect(await codeOf(() => saver.recordDecisions(config, [{ interruptId: "q", value: 1, at: "", revision: 1 }]))).toBe("CORRUPT_DATA");
    saver.close();
  });

  it("goes on with a new key, and reads what was written before with the old one", async () => {
    const file = newFile();
    const first = SqliteSaver.fromConnString(file, { serializer });
    const config = await fill(first, "t");
    const base = (await first.getTuple(config))!.checkpoint;
    first.close();
    const keys = { current: "k2", keys: { ...KEYS.keys, k2: randomBytes(32) } };
    const second = SqliteSaver.fromConnString(file, { serializer: encryptedSerializer({ keys }) });
    const child = checkpoint({ n: "with the new key" }, base);
    await second.put(config, child, META, {}, base);
    await second.recordDecisions(config, [{ interruptId: "q", value: "again", at: "", revision: 1 }]);
    second.close();
    const third = SqliteSaver.fromConnString(file, { serializer: encryptedSerializer({ keys: { ...keys, current: "k1" } }) });
    expect((await third.getTuple({ configurable: { thread_id: "t" } }))?.checkpoint).toEqual(child);
    expect((await third.getTuple(config))?.checkpoint).toEqual(base);
    third.close();
    const old = SqliteSaver.fromConnString(file, { serializer });
    expect(await codeOf(() => old.getTuple({ configurable: { thread_id: "t" } }))).toBe("UNKNOWN_KEY");
    old.close();
  });

  it("gets its index of questions from the first schema", async () => {
    const file = newFile();
    const first = SqliteSaver.fromConnString(file, { serializer });
    await fill(first, "t\0");
    first.close();
    toSchemaOne(file);
    const saver = SqliteSaver.fromConnString(file, { serializer });
    expect((await saver.listInterrupts({ threadId: "t\0" })).items).toMatchObject([{ id: "open", value: "SECRET-open" }]);
    saver.close();
  });
});

describe("somebody who may write to an encrypted database", () => {
  async function tampered(sql: string): Promise<{ saver: SqliteSaver; configs: CheckpointConfig[] }> {
    const handle = openHandle(":memory:");
    const saver = new SqliteSaver(handle, { serializer });
    const configs = [await fill(saver, "one"), await fill(saver, "two")];
    handle.exec("DROP TRIGGER holdpoint_journal_update");
    handle.exec(sql);
    return { saver, configs };
  }

  const swapped = (table: string, where: string, column = "data") => `
    CREATE TEMP TABLE swap AS SELECT pk, ${column} AS value FROM ${table} WHERE ${where};
    UPDATE ${table} SET ${column} = (SELECT value FROM swap WHERE swap.pk <> ${table}.pk) WHERE pk IN (SELECT pk FROM swap)`;
  const lines = "(SELECT pk FROM holdpoint_line)";

  it.each<[string, string]>([
    [
      "whole threads",
      "UPDATE holdpoint_line SET thread = CASE thread WHEN 'one' THEN 'x' ELSE 'one' END; UPDATE holdpoint_line SET thread = 'two' WHERE thread = 'x'",
    ],
    ["states", swapped("holdpoint_checkpoint", `is_patch = 1 AND line IN ${lines}`)],
    ["metadata", swapped("holdpoint_checkpoint", "is_patch = 1", "metadata")],
    ["results of tasks", swapped("holdpoint_write", "task = 'task' AND idx = 0")],
    ["decisions", swapped("holdpoint_write", "revision IS NOT NULL")],
    ["results of one task, under the name of another channel", "UPDATE holdpoint_write SET channel = 'b' WHERE channel = 'a'"],
    [
      "the results of one task",
      "UPDATE holdpoint_write SET idx = 1 - idx + 2 WHERE idx IN (0, 1); UPDATE holdpoint_write SET idx = idx - 2 WHERE idx > 1",
    ],
    [
      "a decision, as a result",
      "UPDATE holdpoint_write SET revision = NULL, task = 'task', idx = 7, channel = 'a' WHERE revision IS NOT NULL",
    ],
    [
      "writes, to the checkpoint before",
      "UPDATE holdpoint_write SET checkpoint = (SELECT parent FROM holdpoint_checkpoint c WHERE c.pk = checkpoint) WHERE 1",
    ],
    [
      "a state, to the checkpoint before",
      "UPDATE holdpoint_checkpoint SET data = (SELECT data FROM holdpoint_checkpoint c WHERE c.parent = holdpoint_checkpoint.pk), is_patch = 0 WHERE parent IS NULL",
    ],
    [
      "a change, onto the state of another thread",
      "UPDATE holdpoint_checkpoint SET parent = CASE parent WHEN 1 THEN 3 ELSE 1 END WHERE is_patch = 1",
    ],
  ])("cannot move %s", async (_, sql) => {
    const { saver, configs } = await tampered(sql);
    const codes = new Set<unknown>();
    for (const { configurable } of configs) {
      codes.add(await codeOf(() => saver.getTuple({ configurable })));
      codes.add(await codeOf(() => saver.getTuple({ configurable: { thread_id: configurable?.thread_id } })));
    }
    codes.add(
      await codeOf(async () => {
        for await (const tuple of saver.list({})) expect(tuple).toBeDefined();
      }),
    );
    expect(codes).toContain("CORRUPT_DATA");
    saver.close();
  });

  it("cannot make a change out of one on another checkpoint of the same thread", async () => {
    const handle = openHandle(":memory:");
    const saver = new SqliteSaver(handle, { serializer });
    const root = checkpoint({ text: "x".repeat(3000), n: 0 });
    const config = await saver.put({ configurable: { thread_id: "t" } }, root, META, {});
    const [left, right] = [checkpoint({ n: 1 }, root), checkpoint({ n: 2 }, root)];
    const ofLeft = await saver.put(config, left, META, {}, root);
    await saver.put(config, right, META, {}, root);
    const last = await saver.put(ofLeft, checkpoint({ m: 1 }, left), META, {}, left);
    handle.exec("UPDATE holdpoint_checkpoint SET parent = 3 WHERE pk = 4 AND is_patch = 1");
    expect(await codeOf(() => saver.getTuple(last))).toBe("CORRUPT_DATA");
    saver.close();
  });

  it.each<[string, string]>([
    ["of another thread", swapped("holdpoint_interrupt", "id = 'open'")],
    ["of the same thread", swapped("holdpoint_interrupt", "line = (SELECT pk FROM holdpoint_line WHERE thread = 'one')")],
  ])("cannot show a question %s", async (_, sql) => {
    const { saver } = await tampered(sql);
    expect(await codeOf(() => saver.listInterrupts())).toBe("CORRUPT_DATA");
    saver.close();
  });

  it("cannot move an entry of the journal to another thread, even with hashes that fit", async () => {
    const { saver } = await tampered("SELECT 1");
    const [one] = await saver.appendJournal("three", [{ at: "", kind: "decided", data: 1 }]);
    const other = SqliteSaver.fromConnString(":memory:", { serializer });
    const [two] = await other.appendJournal("four", [{ at: "", kind: "decided", data: 1 }]);
    expect(one?.stored).not.toEqual(two?.stored);
    expect(await verifyJournal([{ ...two!, threadId: "three" }], { serializer })).toMatchObject({ kind: "broken" });
    saver.close();
    other.close();
  });
});

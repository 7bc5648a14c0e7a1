import { readFileSync, statSync } from "node:fs";
import {
  type Checkpoint,
  type CheckpointConfig,
  CheckpointError,
  checkpointId,
  createSerializer,
  type Serializer,
} from "@holdpoint/checkpoint";
import { runPrunedHistory, runRandomInbox } from "@holdpoint/checkpoint/conformance";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SqliteSaver } from "../src/index.js";
import { checkDatabase } from "./check-database.js";
import { newFile } from "./new-file.js";
import { openHandle } from "./open-handle.js";

const META = { source: "loop", step: 0, parents: {} } as const;

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

/** Saves a thread of some steps whose state has a part that never changes. */
async function saveThread(saver: SqliteSaver, threadId: string, steps: number): Promise<Checkpoint[]> {
  const line: Checkpoint[] = [];
  let config: CheckpointConfig = { configurable: { thread_id: threadId } };
  for (let n = 0; n < steps; n++) {
    const one = checkpoint(n === 0 ? { fixed: "x".repeat(3000), n } : { n }, line.at(-1));
    config = await saver.put(config, one, META, {}, line.at(-1));
    await saver.putWrites(config, [["n", n]], "task");
    line.push(one);
  }
  return line;
}

async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => (CheckpointError.is(error) ? error.code : error),
  );
}

describe("random histories that are pruned again and again", () => {
  it("read back exactly, and leave tables that fit together", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 60 }), async (seed, steps) => {
        const handle = openHandle(":memory:");
        const saver = new SqliteSaver(handle);
        await runPrunedHistory(saver, { seed, steps });
        checkDatabase(handle);
        saver.close();
      }),
      { numRuns: 60 },
    );
  });

  it("leave only what waits where all is pruned", async () => {
    const handle = openHandle(":memory:");
    const saver = new SqliteSaver(handle);
    await runRandomInbox(saver, { seed: 7, steps: 80 });
    await saver.prune({ keepLast: 1 });
    checkDatabase(handle);
    for (const { threadId } of (await saver.stats()).byThread) await saver.copyThread(threadId, `copy of ${threadId}`);
    checkDatabase(handle);
    await saver.prune({ keepLast: 0 });
    checkDatabase(handle);
    const waiting = new Set((await saver.listInterrupts({ limit: 1000 })).items.map(({ threadId }) => threadId));
    expect(new Set((await saver.stats()).byThread.map(({ threadId }) => threadId))).toEqual(waiting);
    saver.close();
  });
});

describe("a checkpoint on its way while its parent is pruned", () => {
  it.each([0, 1])("is saved whole, and nothing is a change of what is gone (keepLast: %i)", async (keepLast) => {
    const file = newFile();
    const other = SqliteSaver.fromConnString(file);
    const [root] = await saveThread(other, "t", 3);
    let pruned: Promise<unknown> | undefined;
    const text = createSerializer();
    // Encoding comes after the parent was read, and before the checkpoint is inserted.
    const dumps: Serializer["dumps"] = (value, place) => {
      if (place?.part === "checkpoint") pruned ??= other.prune({ threadId: "t", keepLast });
      return text.dumps(value);
    };
    const saver = SqliteSaver.fromConnString(file, { serializer: { dumps, loads: (data) => text.loads(data) } });
    const child = checkpoint({ n: "child" }, root);
    await saver.put({ configurable: { thread_id: "t", checkpoint_id: root!.id } }, child, META, {}, root);
    expect(await pruned).toEqual({ checkpoints: 3 - keepLast, threads: 1 - keepLast });
    expect((await saver.getTuple({ configurable: { thread_id: "t" } }))?.checkpoint).toEqual(child);
    const handle = openHandle(file);
    checkDatabase(handle);
    handle.close();
    saver.close();
    other.close();
  });

  it("may be a change of a checkpoint that was stored whole meanwhile", async () => {
    const file = newFile();
    const other = SqliteSaver.fromConnString(file);
    const line = await saveThread(other, "t", 4);
    let pruned: Promise<unknown> = Promise.resolve();
    let count = 0;
    const text = createSerializer();
    const dumps: Serializer["dumps"] = (value, place) => {
      if (place?.part === "checkpoint" && count++ === 0) pruned = other.prune({ threadId: "t" });
      return text.dumps(value);
    };
    const saver = SqliteSaver.fromConnString(file, { serializer: { dumps, loads: (data) => text.loads(data) } });
    const last = line.at(-1)!;
    const child = checkpoint({ n: "child" }, last);
    await saver.put({ configurable: { thread_id: "t", checkpoint_id: last.id } }, child, META, {}, last);
    expect(await pruned).toEqual({ checkpoints: 3, threads: 0 });
    expect((await saver.getTuple({ configurable: { thread_id: "t" } }))?.checkpoint).toEqual(child);
    expect((await saver.getTuple({ configurable: { thread_id: "t", checkpoint_id: last.id } }))?.checkpoint).toEqual(last);
    saver.close();
    other.close();
  });
});

describe("a listing that goes on while the thread is pruned", () => {
  it("goes on with what is left of it", async () => {
    const file = newFile();
    const [saver, other] = [SqliteSaver.fromConnString(file), SqliteSaver.fromConnString(file)];
    const line = await saveThread(saver, "t", 30);
    const seen: unknown[] = [];
    for await (const { checkpoint: one } of saver.list({ configurable: { thread_id: "t", checkpoint_ns: "" } })) {
      seen.push(one);
      if (seen.length === 3) await other.prune({ threadId: "t", keepLast: 10 });
    }
    expect(seen).toEqual(line.slice(-10).reverse());
    saver.close();
    other.close();
  });
});

describe("prune of many threads", () => {
  it("lets others have their turn between two of them", async () => {
    const saver = SqliteSaver.fromConnString(":memory:");
    for (let n = 0; n < 30; n++) await saveThread(saver, `t${n}`, 2);
    let turns = 0;
    let isDone = false;
    const turn = () => {
      turns += 1;
      if (!isDone) setImmediate(turn);
    };
    setImmediate(turn);
    expect(await saver.prune({})).toEqual({ checkpoints: 30, threads: 0 });
    isDone = true;
    expect(turns).toBeGreaterThanOrEqual(29);
    saver.close();
  });

  it("leaves one alone that cannot be read, prunes the others, and says so", async () => {
    const handle = openHandle(":memory:");
    const saver = new SqliteSaver(handle);
    for (const name of ["a", "b", "c"]) await saveThread(saver, name, 3);
    handle.exec(
      "UPDATE holdpoint_checkpoint SET data = '[' WHERE is_patch = 0 AND line = (SELECT pk FROM holdpoint_line WHERE thread = 'b')",
    );
    expect(await codeOf(saver.prune({}))).toBe("CORRUPT_DATA");
    const counts = (await saver.stats()).byThread.map(({ threadId, checkpoints }) => [threadId, checkpoints]).sort();
    expect(counts).toEqual([
      ["a", 1],
      ["b", 3],
      ["c", 1],
    ]);
    saver.close();
  });

  it("goes through more of them than are looked up at once, whatever their names", async () => {
    const saver = SqliteSaver.fromConnString(":memory:");
    const names = ["\0", "\ud800", "\u0001", "é", "\u{10ffff}", ...Array.from({ length: 450 }, (_, n) => `t${n}`)];
    for (const name of names) {
      const root = checkpoint({ n: 0 });
      const config = await saver.put({ configurable: { thread_id: name } }, root, META, {});
      await saver.put(config, checkpoint({ n: 1 }, root), META, {}, root);
    }
    expect(await saver.prune({})).toEqual({ checkpoints: names.length, threads: 0 });
    expect((await saver.stats({ limit: 0 })).checkpoints).toBe(names.length);
    saver.close();
  });

  it("fails with a retryable error while somebody else is writing, and can be called again", async () => {
    const file = newFile();
    const saver = SqliteSaver.fromConnString(file, { busyTimeout: 20 });
    await saveThread(saver, "t", 3);
    const other = openHandle(file);
    other.exec("BEGIN IMMEDIATE");
    const error = await saver.prune({}).catch((cause: unknown) => cause);
    expect(CheckpointError.is(error, "STORAGE_BUSY") && error.retryable).toBe(true);
    other.exec("ROLLBACK");
    expect(await saver.prune({})).toEqual({ checkpoints: 2, threads: 0 });
    other.close();
    saver.close();
  });
});

describe("compact", () => {
  it("gives back the space of what was deleted, and leaves nothing of it in the file", async () => {
    const file = newFile();
    const saver = SqliteSaver.fromConnString(file);
    const secret = checkpoint({ text: `GONE ${"y".repeat(2_000_000)}` });
    await saver.put({ configurable: { thread_id: "gone" } }, secret, META, {});
    const line = await saveThread(saver, "t", 5);
    await saver.prune({ threadId: "gone", keepLast: 0 });
    await saver.compact();
    expect(statSync(file).size).toBeLessThan(200_000);
    expect(readFileSync(file).includes("GONE")).toBe(false);
    expect((await saver.getTuple({ configurable: { thread_id: "t" } }))?.checkpoint).toEqual(line.at(-1));
    const next = checkpoint({ n: "next" }, line.at(-1));
    await saver.put({ configurable: { thread_id: "t", checkpoint_id: line.at(-1)!.id } }, next, META, {}, line.at(-1));
    expect((await saver.getTuple({ configurable: { thread_id: "t" } }))?.checkpoint).toEqual(next);
    const handle = openHandle(file);
    checkDatabase(handle);
    handle.close();
    saver.close();
  });

  it("fails with a retryable error while somebody else is writing", async () => {
    const file = newFile();
    const saver = SqliteSaver.fromConnString(file, { busyTimeout: 20 });
    const other = openHandle(file);
    other.exec("BEGIN IMMEDIATE");
    expect(await codeOf(saver.compact())).toBe("STORAGE_BUSY");
    other.exec("ROLLBACK");
    await saver.compact();
    other.close();
    saver.close();
  });
});

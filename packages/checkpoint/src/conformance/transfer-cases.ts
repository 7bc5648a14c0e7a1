import assert from "node:assert/strict";
import { createSerializer } from "../index.js";
import type { ThreadRecord } from "../retention/retention.js";
import type { Checkpoint, CheckpointSaver, CheckpointTuple } from "../types.js";
import type { ConformanceCase } from "./conformance-case.js";
import { childOf, collect, firstCheckpoint, metadata, newThread, newVersions, put, type ThreadFixture } from "./fixtures.js";
import { ask, question, statuses } from "./inbox-fixtures.js";
import { prune, saveLine } from "./prune-cases.js";

/** A thread that has something of everything: forks, subgraphs, writes, an open question and an answered one, writes without a checkpoint. */
async function fullThread(saver: CheckpointSaver): Promise<ThreadFixture & { readonly line: readonly Checkpoint[] }> {
  const thread = newThread();
  const line = await saveLine(saver, thread, 8);
  const last = line.at(-1)!;
  await put(saver, thread, childOf(line[2]!, { log: ["fork", new Date(5), new Map([["a", 1]])] }), line[2]);
  const again: Checkpoint = { ...line[4]!, channel_values: { ...line[4]!.channel_values, step: "put again" } };
  await put(saver, thread, again, line[3]);
  const newest = childOf(last, { step: "newest" });
  const config = await put(saver, thread, newest, last);
  await ask(saver, config, "asking", question("a"), question("b", { terms: { assignees: ["ann"] } }));
  await saver.recordDecisions?.(config, [{ interruptId: "a", value: new Set(["yes"]), at: "2030", revision: 0 }]);
  const nested = firstCheckpoint({ inner: true });
  const ns = "node:asking";
  await saver.put(
    { configurable: { thread_id: thread.threadId, checkpoint_ns: ns } },
    nested,
    metadata(0, { parents: { "": newest.id } }),
    newVersions(nested),
  );
  await saver.putWrites({ configurable: { thread_id: thread.threadId, checkpoint_ns: ns, checkpoint_id: nested.id } }, [["x", null]], "t");
  await saver.putWrites(
    { configurable: { thread_id: thread.threadId, checkpoint_ns: "other", checkpoint_id: nested.id } },
    [["y", 1]],
    "t",
  );
  return { ...thread, line };
}

/** Everything that can be read of a thread, without its name. */
async function contentOf(saver: CheckpointSaver, threadId: string): Promise<unknown[]> {
  const nameless = ({ thread_id, ...rest }: Record<string, unknown> = {}) => rest;
  const tuples = await collect(saver.list({ configurable: { thread_id: threadId } }));
  return tuples.map(({ config, parentConfig, ...tuple }: CheckpointTuple) => {
    return { ...tuple, config: nameless(config.configurable), parentConfig: nameless(parentConfig?.configurable) };
  });
}

function copy(saver: CheckpointSaver, from: string, to: string): Promise<void> {
  assert.ok(saver.copyThread, "the saver has copyThread");
  return saver.copyThread(from, to);
}

async function readRecords(saver: CheckpointSaver, threadId: string): Promise<ThreadRecord[]> {
  assert.ok(saver.exportThread && saver.importThread, "the saver has exportThread and importThread");
  const records: ThreadRecord[] = [];
  for await (const record of saver.exportThread(threadId)) records.push(record);
  return records;
}

export const copyCases: readonly ConformanceCase[] = [
  {
    name: "a copy reads as the thread it was made of, and each goes its own way",
    run: async (saver) => {
      const [thread, target] = [await fullThread(saver), newThread()];
      await copy(saver, thread.threadId, target.threadId);
      const before = await contentOf(saver, thread.threadId);
      assert.deepEqual(await contentOf(saver, target.threadId), before);
      const newest = (await saver.getTuple(target.config))!.checkpoint;
      const next = childOf(newest, { log: [...(newest.channel_values.log as unknown[]), "after"] });
      await put(saver, target, next, newest);
      assert.deepEqual((await saver.getTuple(target.config))?.checkpoint, next);
      if (saver.prune !== undefined) await prune(saver, { threadId: target.threadId });
      assert.deepEqual((await saver.getTuple(target.config))?.checkpoint, next);
      assert.deepEqual(await contentOf(saver, thread.threadId), before);
      await saver.deleteThread(thread.threadId);
      assert.deepEqual((await saver.getTuple(target.config))?.checkpoint, next);
    },
  },
  {
    name: "a copy is pruned as the thread it was made of",
    run: async (saver) => {
      if (saver.prune === undefined) return;
      const [thread, target] = [await fullThread(saver), newThread()];
      await copy(saver, thread.threadId, target.threadId);
      for (let keepLast = 9; keepLast > 0; keepLast--) {
        const [one, two] = [
          await prune(saver, { threadId: thread.threadId, keepLast }),
          await prune(saver, { threadId: target.threadId, keepLast }),
        ];
        assert.deepEqual(one, two);
        assert.deepEqual(await contentOf(saver, target.threadId), await contentOf(saver, thread.threadId), `${keepLast}`);
      }
    },
  },
  {
    name: "what waits in a thread waits in its copy for an answer of its own",
    run: async (saver) => {
      const [thread, target] = [await fullThread(saver), newThread()];
      await copy(saver, thread.threadId, target.threadId);
      if (saver.listInterrupts !== undefined) assert.deepEqual(await statuses(saver, target), await statuses(saver, thread));
      if (saver.recordDecisions === undefined) return;
      const { config } = (await saver.getTuple(target.config))!;
      const decide = (revision: number) => saver.recordDecisions?.(config, [{ interruptId: "b", value: 1, at: "", revision }]);
      assert.equal((await decide(0))?.kind, "recorded");
      assert.equal((await decide(0))?.kind, "conflict");
      if (saver.listInterrupts === undefined) return;
      assert.deepEqual(await statuses(saver, target), { a: "decided", b: "decided" });
      assert.deepEqual(await statuses(saver, thread), { a: "decided", b: "pending" });
    },
  },
  {
    name: "a thread is copied to an empty one only, and there must be something to copy",
    run: async (saver) => {
      const [thread, other] = [newThread(), newThread()];
      await saveLine(saver, thread, 2);
      await saveLine(saver, other, 1);
      await assert.rejects(() => copy(saver, thread.threadId, other.threadId), { code: "INVALID_ARGUMENT" });
      await assert.rejects(() => copy(saver, thread.threadId, thread.threadId), { code: "INVALID_ARGUMENT" });
      await assert.rejects(() => copy(saver, thread.threadId, ""), { code: "INVALID_ARGUMENT" });
      await assert.rejects(() => copy(saver, newThread().threadId, newThread().threadId), { code: "UNKNOWN_THREAD" });
      assert.equal((await collect(saver.list(other.config))).length, 1);
    },
  },
];

export const exportCases: readonly ConformanceCase[] = [
  {
    name: "an export, also as lines of text, makes the same thread under another name",
    run: async (saver) => {
      const thread = await fullThread(saver);
      const { dumps, loads } = createSerializer();
      const lines = (await readRecords(saver, thread.threadId)).map((record) => dumps(record));
      const [one, two] = [newThread(), newThread()];
      await saver.importThread?.(
        one.threadId,
        lines.map((line) => loads(line) as ThreadRecord),
      );
      await saver.importThread?.(two.threadId, saver.exportThread!(one.threadId));
      const before = await contentOf(saver, thread.threadId);
      for (const { threadId } of [one, two]) assert.deepEqual(await contentOf(saver, threadId), before);
      if (saver.listInterrupts !== undefined) assert.deepEqual(await statuses(saver, two), await statuses(saver, thread));
      assert.deepEqual(await readRecords(saver, newThread().threadId), []);
    },
  },
  {
    name: "an export is what the thread was when it began, and comes in an order that can be imported",
    run: async (saver) => {
      const thread = newThread();
      const line = await saveLine(saver, thread, 6);
      const before = await contentOf(saver, thread.threadId);
      assert.ok(saver.exportThread && saver.importThread);
      const records: ThreadRecord[] = [];
      for await (const record of saver.exportThread(thread.threadId)) {
        if (records.length === 2) {
          await put(saver, thread, childOf(line.at(-1)!, { step: "meanwhile" }), line.at(-1));
          await saver.prune?.({ threadId: thread.threadId });
        }
        records.push(record);
      }
      const target = newThread();
      await saver.importThread(target.threadId, records);
      assert.deepEqual(await contentOf(saver, target.threadId), before);
    },
  },
  {
    name: "records that do not fit together are refused, all of them",
    run: async (saver) => {
      const thread = await fullThread(saver);
      const records = await readRecords(saver, thread.threadId);
      const patch = records.findIndex((one) => one.kind === "checkpoint" && one.record[0] === 1);
      const decision = records.findIndex((one) => one.kind === "write" && one.revision !== undefined);
      const changed = (index: number, change: object) => records.map((one, place) => (place === index ? { ...one, ...change } : one));
      const bad: unknown[][] = [
        records.toReversed(),
        records.slice(1),
        [...records, records[0]],
        [...records, records.at(-1)],
        changed(0, { kind: "other" }),
        changed(0, { id: "" }),
        changed(0, { id: 5 }),
        changed(0, { record: [0, 4] }),
        changed(0, { metadata: null }),
        changed(patch, { parentId: undefined }),
        changed(patch, { record: [1, 4, "", null, null, ["o", {}, { none: ["a", 5, 0, []] }]] }),
        [...records, null],
        [...records, "record"],
        ...(decision === -1 ? [] : [changed(decision, { revision: 7 }), changed(decision, { taskId: "another" })]),
      ];
      for (const [index, one] of bad.entries()) {
        const target = newThread();
        const run = async () => saver.importThread?.(target.threadId, one as ThreadRecord[]);
        await assert.rejects(run, { code: "CORRUPT_DATA" }, `${index}`);
        assert.deepEqual(await contentOf(saver, target.threadId), []);
      }
      await assert.rejects(async () => saver.importThread?.(thread.threadId, records), { code: "INVALID_ARGUMENT" });
      await assert.rejects(async () => saver.importThread?.("", records), { code: "INVALID_ARGUMENT" });
    },
  },
];

import assert from "node:assert/strict";
import { newLease } from "../index.js";
import type { PruneOptions, PruneResult } from "../retention/retention.js";
import type { Checkpoint, CheckpointSaver } from "../types.js";
import type { ConformanceCase } from "./conformance-case.js";
import { at, childOf, firstCheckpoint, idsOf, metadata, newThread, newVersions, put, type ThreadFixture } from "./fixtures.js";
import { ask, page, question, readAll, statuses } from "./inbox-fixtures.js";

/** Prunes one thread, or all. */
export function prune(saver: CheckpointSaver, options: PruneOptions): Promise<PruneResult> {
  assert.ok(saver.prune, "the saver has prune");
  return saver.prune(options);
}

/** Saves a thread of some steps, each with a write of a task beside it. */
export async function saveLine(saver: CheckpointSaver, thread: ThreadFixture, steps: number): Promise<Checkpoint[]> {
  const line: Checkpoint[] = [];
  for (let step = 0; step < steps; step++) {
    const parent = line.at(-1);
    const checkpoint =
      parent === undefined
        ? firstCheckpoint({ log: ["x".repeat(400)], step })
        : childOf(parent, { log: [...(parent.channel_values.log as string[]), `entry ${step}`], step });
    const config = await put(saver, thread, checkpoint, parent, step);
    await saver.putWrites(config, [["step", step]], "task");
    line.push(checkpoint);
  }
  return line;
}

async function checkLine(saver: CheckpointSaver, thread: ThreadFixture, kept: readonly Checkpoint[]): Promise<void> {
  assert.deepEqual(await idsOf(saver.list(thread.config)), kept.map(({ id }) => id).reverse());
  for (const [place, checkpoint] of kept.entries()) {
    const tuple = await saver.getTuple(at(thread, checkpoint));
    assert.deepEqual(tuple?.checkpoint, checkpoint);
    assert.equal(tuple?.parentConfig?.configurable?.checkpoint_id, kept[place - 1]?.id, "the oldest has no parent");
    assert.deepEqual(tuple?.pendingWrites, [["task", "step", checkpoint.channel_values.step]]);
  }
}

/** Puts a checkpoint of a subgraph, as the runtime does inside of a step of the root. */
async function putNested(saver: CheckpointSaver, threadId: string, ns: string, root: Checkpoint): Promise<Checkpoint> {
  const checkpoint = firstCheckpoint({ inner: ns });
  const config = { configurable: { thread_id: threadId, checkpoint_ns: ns } };
  await saver.put(config, checkpoint, metadata(0, { parents: { "": root.id } }), newVersions(checkpoint));
  return checkpoint;
}

const whatStays: readonly ConformanceCase[] = [
  {
    name: "the newest checkpoint stays, reads as before, and is gone on from",
    run: async (saver) => {
      const thread = newThread();
      const line = await saveLine(saver, thread, 12);
      assert.deepEqual(await prune(saver, { threadId: thread.threadId }), { checkpoints: 11, threads: 0 });
      await checkLine(saver, thread, line.slice(-1));
      assert.equal(await saver.getTuple(at(thread, line[3]!)), undefined);
      const next = childOf(line.at(-1)!, { log: [...(line.at(-1)!.channel_values.log as string[]), "after"] });
      await put(saver, thread, next, line.at(-1));
      const tuple = await saver.getTuple(thread.config);
      assert.deepEqual(tuple?.checkpoint, next);
      assert.equal(tuple?.parentConfig?.configurable?.checkpoint_id, line.at(-1)!.id);
      assert.deepEqual(await prune(saver, { threadId: thread.threadId, keepLast: 2 }), { checkpoints: 0, threads: 0 });
    },
  },
  {
    name: "keepLast counts in each line, olderThan keeps what is younger, and other threads are left alone",
    run: async (saver) => {
      const [root, sub, other] = [newThread(), newThread(), newThread()];
      const nested: ThreadFixture = {
        threadId: root.threadId,
        ns: "sub",
        config: { configurable: { thread_id: root.threadId, checkpoint_ns: "sub" } },
      };
      const [line, subLine] = [await saveLine(saver, root, 6), await saveLine(saver, nested, 5)];
      const otherLine = await saveLine(saver, other, 3);
      const before = await idsOf(saver.list(other.config));
      assert.deepEqual(await prune(saver, { threadId: root.threadId, keepLast: 4, olderThan: new Date(0) }), {
        checkpoints: 0,
        threads: 0,
      });
      assert.deepEqual(await prune(saver, { threadId: root.threadId, keepLast: 4, olderThan: "2999-01-01" }), {
        checkpoints: 3,
        threads: 0,
      });
      await checkLine(saver, root, line.slice(-4));
      await checkLine(saver, nested, subLine.slice(-4));
      assert.deepEqual(await prune(saver, { threadId: sub.threadId }), { checkpoints: 0, threads: 0 });
      assert.deepEqual(await idsOf(saver.list(other.config)), before);
      await checkLine(saver, other, otherLine);
    },
  },
  {
    name: "without a thread, every thread is pruned; with keepLast 0, to nothing",
    run: async (saver) => {
      const threads = [newThread(), newThread(), newThread()];
      for (const thread of threads) await saveLine(saver, thread, 4);
      assert.deepEqual(await prune(saver, {}), { checkpoints: 9, threads: 0 });
      assert.deepEqual(await prune(saver, { keepLast: 0, olderThan: new Date(0) }), { checkpoints: 0, threads: 0 });
      assert.deepEqual(await prune(saver, { keepLast: 0 }), { checkpoints: 3, threads: 3 });
      assert.deepEqual(await idsOf(saver.list({})), []);
      assert.deepEqual(await prune(saver, { keepLast: 0 }), { checkpoints: 0, threads: 0 });
      await saveLine(saver, threads[0]!, 2);
      assert.equal((await idsOf(saver.list({}))).length, 2, "a thread of that name can begin again");
    },
  },
  {
    name: "forks keep what they have in common with what stays",
    run: async (saver) => {
      const thread = newThread();
      const line = await saveLine(saver, thread, 4);
      const forks = ["left", "right"].map((name) => childOf(line[1]!, { log: [...(line[1]!.channel_values.log as string[]), name] }));
      for (const fork of forks) await put(saver, thread, fork, line[1]);
      const last = childOf(forks[0]!, { step: "last" });
      await put(saver, thread, last, forks[0]);
      await prune(saver, { threadId: thread.threadId, keepLast: 3 });
      for (const one of [...forks, last]) assert.deepEqual((await saver.getTuple(at(thread, one)))?.checkpoint, one);
      assert.equal((await saver.getTuple(at(thread, forks[1]!)))?.parentConfig, undefined);
      assert.equal((await saver.getTuple(at(thread, last)))?.parentConfig?.configurable?.checkpoint_id, forks[0]!.id);
    },
  },
  {
    name: "options that cannot be meant are refused, and delete nothing",
    run: async (saver) => {
      const thread = newThread();
      await saveLine(saver, thread, 3);
      const bad = [
        { keepLast: -1 },
        { keepLast: 1.5 },
        { keepLast: Number.NaN },
        { olderThan: "soon" },
        { olderThan: new Date(Number.NaN) },
      ];
      for (const options of [...bad, { olderThan: 5 as unknown as string }, { threadId: 5 as unknown as string }]) {
        await assert.rejects(async () => prune(saver, options), JSON.stringify(options));
      }
      assert.equal((await idsOf(saver.list(thread.config))).length, 3);
    },
  },
];

const subgraphs: readonly ConformanceCase[] = [
  {
    name: "each call of a subgraph goes with the root checkpoint that made it; a lasting one stays with the thread",
    run: async (saver) => {
      const thread = newThread();
      const { threadId } = thread;
      const line = await saveLine(saver, thread, 3);
      const calls = await Promise.all(line.map((root, n) => putNested(saver, threadId, `node:task-${n}`, root)));
      const deep = await putNested(saver, threadId, "node:task-0|inner:x", line[0]!);
      const lasting = await putNested(saver, threadId, "memory", line[0]!);
      await putNested(saver, threadId, "node:unknown", { ...line[0]!, id: "00000000-0000-6000-8000-000000000000" });
      assert.deepEqual(await prune(saver, { threadId }), { checkpoints: 6, threads: 0 });
      const left = await idsOf(saver.list({ configurable: { thread_id: threadId } }));
      assert.deepEqual(left.sort(), [line[2]!.id, calls[2]!.id, lasting.id].sort());
      assert.equal(left.includes(deep.id), false);
      assert.deepEqual(await prune(saver, { threadId, keepLast: 0 }), { checkpoints: 3, threads: 1 });
    },
  },
];

const whatWaits: readonly ConformanceCase[] = [
  {
    name: "what waits for an answer stays with its subgraphs, and can be answered; settled questions go with their checkpoint",
    run: async (saver) => {
      const thread = newThread();
      const { threadId } = thread;
      const line = await saveLine(saver, thread, 3);
      const [, before, last] = line.map((checkpoint) => at(thread, checkpoint));
      await ask(saver, before!, "asking", question("old"));
      await ask(saver, last!, "asking", question("a"), question("b", { terms: { assignees: ["ann"] } }));
      const sub = await putNested(saver, threadId, "node:asking", line[2]!);
      assert.deepEqual(await prune(saver, { threadId, keepLast: 0 }), { checkpoints: 2, threads: 0 });
      if (saver.listInterrupts !== undefined) assert.deepEqual(await statuses(saver, thread), { a: "pending", b: "pending" });
      assert.deepEqual((await saver.getTuple(thread.config))?.checkpoint, line[2]);
      const nested = { configurable: { thread_id: threadId, checkpoint_ns: "node:asking" } };
      assert.deepEqual((await saver.getTuple(nested))?.checkpoint, sub);
      if (saver.recordDecisions === undefined) return;
      const decide = (id: string) => saver.recordDecisions?.(last!, [{ interruptId: id, value: 1, at: "", revision: 0 }]);
      assert.equal((await decide("a"))?.kind, "recorded");
      assert.deepEqual(await prune(saver, { threadId, keepLast: 0 }), { checkpoints: 0, threads: 0 });
      assert.equal((await decide("b"))?.kind, "recorded");
      assert.deepEqual(await prune(saver, { threadId, keepLast: 0 }), { checkpoints: 2, threads: 1 });
      if (saver.listInterrupts !== undefined) assert.deepEqual((await page(saver, { threadId, status: "any" })).items, []);
    },
  },
  {
    name: "questions of checkpoints that go are in no page of the inbox any more",
    run: async (saver) => {
      if (saver.listInterrupts === undefined) return;
      const thread = newThread();
      let parent: Checkpoint | undefined;
      for (let n = 0; n < 5; n++) {
        const checkpoint = parent === undefined ? firstCheckpoint({}) : childOf(parent, { n });
        const config = await put(saver, thread, checkpoint, parent);
        await ask(saver, config, "task", question(`q${n}`, { terms: { assignees: ["ann"], expiresAt: "2030-01-01T00:00:00Z" } }));
        parent = checkpoint;
      }
      await prune(saver, { threadId: thread.threadId, keepLast: 2 });
      const { threadId } = thread;
      for (const query of [{}, { assignee: "ann" }, { graph: "desk" }, { expiresBefore: "2031-01-01T00:00:00Z" }]) {
        const items = await readAll(saver, { ...query, threadId, status: "any", order: "oldest", limit: 1 });
        assert.deepEqual(
          items.map(({ id, status }) => [id, status]),
          [
            ["q3", "closed"],
            ["q4", "pending"],
          ],
          JSON.stringify(query),
        );
      }
    },
  },
  {
    name: "a thread that a run has leased is left alone",
    run: async (saver) => {
      if (saver.acquireLease === undefined) return;
      const [thread, gone] = [newThread(), newThread()];
      for (const one of [thread, gone]) await saveLine(saver, one, 3);
      const lease = newLease(Date.now(), 60_000);
      await saver.acquireLease(thread.threadId, lease, Date.now());
      await saver.acquireLease(gone.threadId, newLease(Date.now() - 10_000, 5), Date.now());
      assert.deepEqual(await prune(saver, { threadId: thread.threadId, keepLast: 0 }), { checkpoints: 0, threads: 0 });
      assert.deepEqual(await prune(saver, { keepLast: 0 }), { checkpoints: 3, threads: 1 });
      await saver.releaseLease?.(thread.threadId, lease.id);
      assert.deepEqual(await prune(saver, { threadId: thread.threadId }), { checkpoints: 2, threads: 0 });
    },
  },
  {
    name: "writes that wait for their checkpoint stay",
    run: async (saver) => {
      const thread = newThread();
      const [, last] = await saveLine(saver, thread, 2);
      const late = childOf(last!, { step: 2 });
      await saver.putWrites(at(thread, late), [["step", 2]], "task");
      await prune(saver, { threadId: thread.threadId });
      await put(saver, thread, late, last);
      await checkLine(saver, thread, [last!, late]);
    },
  },
  {
    name: "the journal stays",
    run: async (saver) => {
      if (saver.appendJournal === undefined || saver.readJournal === undefined) return;
      const thread = newThread();
      await saveLine(saver, thread, 2);
      await saver.appendJournal(thread.threadId, [{ at: "", kind: "note", data: 1 }]);
      await prune(saver, { threadId: thread.threadId, keepLast: 0 });
      let entries = 0;
      for await (const { data } of saver.readJournal({ threadId: thread.threadId })) entries += data as number;
      assert.equal(entries, 1);
    },
  },
];

const olderFormats: readonly ConformanceCase[] = [
  {
    name: "a checkpoint of an older format keeps its pending sends when its parent goes, and so does what builds on it",
    run: async (saver) => {
      const thread = newThread();
      const [root, second] = await saveLine(saver, thread, 2);
      await saver.putWrites(at(thread, second!), [["__pregel_tasks", { node: "send", args: { n: 1 } }]], "sender");
      const old: Checkpoint = { ...childOf(second!, { step: "old" }), v: 3 };
      await put(saver, thread, old, second);
      await saver.putWrites(at(thread, old), [["__pregel_tasks", { node: "next", args: { n: 2 } }]], "sender");
      const child: Checkpoint = { ...childOf(old, { step: "child of old" }), v: 3 };
      await put(saver, thread, child, old);
      const newer = childOf(child, { step: "newer" });
      await put(saver, thread, newer, child);
      const all = [old, child, newer];
      const before = await Promise.all(all.map((one) => saver.getTuple(at(thread, one))));
      assert.deepEqual(before[0]?.checkpoint.channel_values.__pregel_tasks, [{ node: "send", args: { n: 1 } }]);
      assert.deepEqual(await prune(saver, { threadId: thread.threadId, keepLast: 3 }), { checkpoints: 2, threads: 0 });
      assert.equal(await saver.getTuple(at(thread, root!)), undefined);
      const after = await Promise.all(all.map((one) => saver.getTuple(at(thread, one))));
      assert.deepEqual(after, [{ ...before[0], parentConfig: undefined }, before[1], before[2]]);
      await prune(saver, { threadId: thread.threadId, keepLast: 2 });
      assert.deepEqual(await saver.getTuple(at(thread, child)), { ...before[1], parentConfig: undefined });
    },
  },
];

export const pruneCases: readonly ConformanceCase[] = [...whatStays, ...subgraphs, ...whatWaits, ...olderFormats];

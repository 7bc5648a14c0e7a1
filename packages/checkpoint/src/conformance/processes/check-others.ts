import assert from "node:assert/strict";
import type { CheckpointSaver } from "../../types.js";
import { collect } from "../fixtures.js";
import { assertWhole } from "./assert-whole.js";
import { checkThread } from "./check-thread.js";
import {
  copyThreadId,
  INNER,
  importedThread,
  isLarge,
  PRUNED_LENGTH,
  passingThread,
  prunedThread,
  type WriteKind,
  writesOf,
} from "./crash-script.js";
import type { Marks } from "./marks.js";

/** Checks the threads beside the main one: those that pass, copies, and those that were pruned. */
export async function checkOthers(saver: CheckpointSaver, step: number, marks: Marks): Promise<void> {
  await checkPassing(saver, step, marks);
  if (!isLarge(step)) return;
  await checkCopy(saver, step, marks, { made: "copied", dropped: "copy dropped", threadId: copyThreadId(step) });
  await checkCopy(saver, step, marks, { made: "imported", dropped: "import dropped", threadId: importedThread(step) });
  await checkPruned(saver, step, marks);
}

interface Copy {
  readonly made: WriteKind;
  readonly dropped: WriteKind;
  readonly threadId: string;
}

async function checkCopy(saver: CheckpointSaver, step: number, marks: Marks, { made, dropped, threadId }: Copy): Promise<void> {
  if (!marks.isBegun(made, step)) return;
  const newest = await checkThread(saver, threadId);
  const inner = await collect(saver.list({ configurable: { thread_id: threadId, checkpoint_ns: INNER } }));
  if (newest === -1) {
    assert.equal(inner.length, 0, `${threadId} has nothing but a graph inside`);
    assert.ok(!marks.isAcknowledged(made, step) || marks.isBegun(dropped, step), `${threadId} was acknowledged, and is gone`);
    return;
  }
  assert.ok(!marks.isAcknowledged(dropped, step), `${threadId} was deleted, and is there again`);
  assert.ok(newest === step && inner.length > 0, `${threadId} is there by halves`);
}

async function checkPruned(saver: CheckpointSaver, step: number, marks: Marks): Promise<void> {
  if (!marks.isAcknowledged("filled", step)) return;
  const tuples = await collect(saver.list({ configurable: { thread_id: prunedThread(step) } }));
  const found = tuples.map(({ checkpoint: { channel_values } }) => [channel_values.n, String(channel_values.text).length]);
  const all = Array.from({ length: PRUNED_LENGTH }, (_, index) => [PRUNED_LENGTH - 1 - index, 1000]);
  const isPruned = marks.isAcknowledged("pruned", step) || (marks.isBegun("pruned", step) && found.length === 1);
  assert.deepEqual(found, isPruned ? all.slice(0, 1) : all, `the thread pruned after step ${step}`);
}

async function checkPassing(saver: CheckpointSaver, step: number, marks: Marks): Promise<void> {
  const config = { configurable: { thread_id: passingThread(step) } };
  const tuple = await saver.getTuple(config);
  assert.equal((await collect(saver.list(config))).length, tuple === undefined ? 0 : 1, "list and getTuple agree");
  if (tuple === undefined) {
    const mustBeThere = marks.isAcknowledged("passing", step) && !marks.isBegun("deleted", step);
    assert.ok(!mustBeThere, `the thread of step ${step} was acknowledged, and is gone`);
    return;
  }
  assert.ok(!marks.isAcknowledged("deleted", step), `the thread of step ${step} was deleted, and is there again`);
  const writes = (tuple.pendingWrites ?? []).map(([, channel, value]) => [channel, value]);
  // A thread that is being deleted is there with all that it had, or not at all.
  assertWhole(writes, writesOf(step), marks.isAcknowledged("passing writes", step), `writes of the thread of step ${step}`);
}

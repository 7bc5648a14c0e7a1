import assert from "node:assert/strict";
import type { JournalEntry } from "../../journal/journal-types.js";
import type { CheckpointSaver, CheckpointTuple } from "../../types.js";
import { collect } from "../fixtures.js";
import { assertChained } from "./assert-chained.js";
import { assertWhole } from "./assert-whole.js";
import { checkInbox } from "./check-inbox.js";
import { checkOthers } from "./check-others.js";
import { checkThread } from "./check-thread.js";
import { askingTaskOf, decisionsOf, draftsOf, INNER, notesOf, questionsOf, THREAD, taskOf, writesOf } from "./crash-script.js";
import type { CrashJob } from "./job.js";
import { Marks } from "./marks.js";

/**
 * Checks that everything acknowledged is in the storage, and nothing by halves.
 * @returns the newest step; -1 of empty storage
 */
export async function checkStorage(saver: CheckpointSaver, job: Pick<CrashJob, "acknowledged" | "begun">): Promise<number> {
  const marks = new Marks(job);
  const newest = await checkThread(saver, THREAD);
  for (const { op, step, id } of job.acknowledged.filter((mark) => mark.op === "put")) {
    const tuple = await saver.getTuple({ configurable: { thread_id: THREAD, checkpoint_ns: "", checkpoint_id: id } });
    assert.equal(tuple?.checkpoint.channel_values.step, step, `the checkpoint of step ${step} was acknowledged (${op}), and is gone`);
  }
  const tuples = await collect(saver.list({ configurable: { thread_id: THREAD, checkpoint_ns: "" } }));
  const decided = new Set<number>();
  for (const tuple of tuples) if (checkWrites(tuple, marks, saver)) decided.add(stepOf(tuple));
  await checkInner(saver, tuples, marks);
  await checkJournal(saver, decided, newest, marks);
  for (let step = 0; step <= newest; step++) await checkOthers(saver, step, marks);
  if (saver.listInterrupts) await checkInbox(saver, tuples);
  return newest;
}

const stepOf = (tuple: CheckpointTuple): number => Number(tuple.checkpoint.channel_values.step);

/** The writes of a task are all there or none is; so are decisions that were recorded together. @returns whether the decisions are there */
function checkWrites(tuple: CheckpointTuple, marks: Marks, saver: CheckpointSaver): boolean {
  const step = stepOf(tuple);
  const pending = tuple.pendingWrites ?? [];
  const ofTask = (task: string) => pending.filter(([by]) => by === task).map(([, channel, value]) => [channel, value]);
  assertWhole(ofTask(taskOf(step)), writesOf(step), marks.isAcknowledged("writes", step), `writes of the task of step ${step}`);
  const questions = [["__interrupt__", questionsOf(step)]];
  assertWhole(ofTask(askingTaskOf(step)), questions, marks.isAcknowledged("asked", step), `questions of step ${step}`);
  if (!saver.recordDecisions) return false;
  const found = pending.filter(([, channel]) => channel === "__resume__").map(([, , decision]) => decision);
  assertWhole(found, decisionsOf(step), marks.isAcknowledged("decided", step), `decisions of step ${step}`);
  return found.length > 0;
}

async function checkInner(saver: CheckpointSaver, roots: readonly CheckpointTuple[], marks: Marks): Promise<void> {
  const tuples = await collect(saver.list({ configurable: { thread_id: THREAD, checkpoint_ns: INNER } }));
  const ids = new Set(tuples.map(({ checkpoint }) => checkpoint.id));
  const steps = new Set(tuples.map(stepOf));
  const rootIds = new Set(roots.map(({ checkpoint }) => checkpoint.id));
  for (const [index, { checkpoint, parentConfig, metadata }] of tuples.entries()) {
    const step = Number(checkpoint.channel_values.step);
    assert.deepEqual(checkpoint.channel_values, { step, inner: { step } });
    const parentId = parentConfig?.configurable?.checkpoint_id;
    if (index < tuples.length - 1) assert.ok(ids.has(String(parentId)), `the parent of the inner checkpoint of step ${step} is gone`);
    assert.ok(rootIds.has(String(metadata?.parents[""])), `the checkpoint around that of step ${step} is gone`);
  }
  for (const root of roots) {
    const step = stepOf(root);
    if (marks.isAcknowledged("inner", step))
      assert.ok(steps.has(step), `the inner checkpoint of step ${step} was acknowledged, and is gone`);
  }
}

/** Entries that came with decisions are there with them, all or none; those of one call stand together; the chain is whole. */
async function checkJournal(saver: CheckpointSaver, decided: ReadonlySet<number>, newest: number, marks: Marks): Promise<void> {
  if (!saver.readJournal) return;
  const entries: JournalEntry[] = [];
  for await (const entry of saver.readJournal({ threadId: THREAD })) entries.push(entry);
  await assertChained(entries);
  const byStep = new Map<string, unknown[]>();
  for (const { kind, data } of entries) {
    const key = `${kind} ${(data as { step: number }).step}`;
    const found = byStep.get(key);
    if (found === undefined) byStep.set(key, [data]);
    else found.push(data);
  }
  const dataOf = (kind: string, step: number) => byStep.get(`${kind} ${step}`) ?? [];
  for (let step = 0; step <= newest; step++) {
    const withDecisions = decided.has(step) ? draftsOf(step).map(({ data }) => data) : [];
    assert.deepEqual(dataOf("decided", step), withDecisions, `decisions of step ${step} and their journal entries differ`);
    const notes = notesOf(step).map(({ data }) => data);
    assertWhole(dataOf("note", step), notes, marks.isAcknowledged("noted", step), `journal entries of step ${step}`);
  }
}

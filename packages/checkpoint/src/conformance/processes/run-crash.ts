import type { Checkpoint, CheckpointConfig, CheckpointSaver } from "../../types.js";
import { childOf, firstCheckpoint, metadata, newVersions } from "../fixtures.js";
import { checkStorage } from "./check-storage.js";
import {
  askingTaskOf,
  changesOf,
  copyThreadId,
  decisionsOf,
  draftsOf,
  INNER,
  importedThread,
  isLarge,
  nextState,
  notesOf,
  PRUNED_LENGTH,
  parentOf,
  passingThread,
  prunedThread,
  questionsOf,
  THREAD,
  taskOf,
  type WriteKind,
  writesOf,
} from "./crash-script.js";
import type { CrashJob } from "./job.js";
import { OwnKiller } from "./own-killer.js";
import { say } from "./say.js";

interface Write {
  readonly op: WriteKind;
  readonly id: string;
  run(): Promise<unknown>;
}

/** Checks what the processes before have left, then goes on with their thread: says of each write that it begins, and that it was acknowledged. */
export async function runCrash(saver: CheckpointSaver, job: CrashJob): Promise<void> {
  const newest = await checkStorage(saver, job);
  const killer = job.killWithin === undefined ? undefined : await OwnKiller.start();
  say({ kind: "result", value: newest });
  let left = job.stopAfter ?? Number.POSITIVE_INFINITY;
  for (let step = newest + 1; ; step++) {
    for await (const { op, id, run } of stepOf(saver, step)) {
      say({ kind: "begin", mark: { op, step, id } });
      if (job.killWithin?.op === op && isLarge(step)) killer?.arm(job.killWithin.after);
      const began = performance.now();
      await run();
      say({ kind: "acknowledged", mark: { op, step, id }, took: performance.now() - began });
      // Nothing follows this write: its boundary is where the kill falls.
      if (--left === 0) await new Promise(() => undefined);
    }
  }
}

const at = (thread: string, ns: string, id?: string): CheckpointConfig => ({
  configurable: { thread_id: thread, checkpoint_ns: ns, ...(id === undefined ? {} : { checkpoint_id: id }) },
});

async function* stepOf(saver: CheckpointSaver, step: number): AsyncGenerator<Write> {
  const parent = await findStep(saver, parentOf(step));
  const checkpoint = nextCheckpoint(parent, step);
  const { id } = checkpoint;
  const here = at(THREAD, "", id);
  // Some runtimes do not pass the parent that they hold.
  const base = step % 3 === 0 ? undefined : parent;
  yield { op: "put", id, run: () => put(saver, at(THREAD, "", parent?.id), checkpoint, step, base) };
  yield { op: "writes", id, run: () => saver.putWrites(here, writesOf(step), taskOf(step)) };
  yield { op: "inner", id, run: () => putInner(saver, step, id) };
  yield { op: "asked", id, run: () => saver.putWrites(here, [["__interrupt__", questionsOf(step)]], askingTaskOf(step)) };
  if (saver.recordDecisions) {
    const drafts = saver.appendJournal === undefined ? [] : draftsOf(step);
    yield { op: "decided", id, run: async () => saver.recordDecisions?.(here, decisionsOf(step), drafts) };
  }
  if (saver.appendJournal) yield { op: "noted", id, run: async () => saver.appendJournal?.(THREAD, notesOf(step)) };
  yield* passingOf(saver, step, id);
  if (isLarge(step)) yield* copiesOf(saver, step, id);
}

/** A thread that comes and goes. */
async function* passingOf(saver: CheckpointSaver, step: number, id: string): AsyncGenerator<Write> {
  const checkpoint = firstCheckpoint({ step, text: "z".repeat(isLarge(step) ? 200_000 : 10) });
  const thread = passingThread(step);
  yield { op: "passing", id, run: () => put(saver, at(thread, ""), checkpoint, step) };
  yield { op: "passing writes", id, run: () => saver.putWrites(at(thread, "", checkpoint.id), writesOf(step), taskOf(step)) };
  yield { op: "deleted", id, run: () => saver.deleteThread(thread) };
}

/** Copies of the whole thread, and a thread that is pruned, where the saver can do that. */
async function* copiesOf(saver: CheckpointSaver, step: number, id: string): AsyncGenerator<Write> {
  if (saver.copyThread) {
    yield { op: "copied", id, run: async () => saver.copyThread?.(THREAD, copyThreadId(step)) };
    yield { op: "copy dropped", id, run: () => saver.deleteThread(copyThreadId(step)) };
  }
  if (saver.exportThread && saver.importThread) {
    yield { op: "imported", id, run: async () => saver.importThread?.(importedThread(step), saver.exportThread?.(THREAD) ?? []) };
    yield { op: "import dropped", id, run: () => saver.deleteThread(importedThread(step)) };
  }
  if (!saver.prune) return;
  const threadId = prunedThread(step);
  yield { op: "filled", id, run: () => fill(saver, threadId) };
  yield { op: "pruned", id, run: async () => saver.prune?.({ threadId, keepLast: 1 }) };
}

/** Saves a chain of checkpoints, each stored as a change of the one before it. */
async function fill(saver: CheckpointSaver, threadId: string): Promise<void> {
  let parent: Checkpoint | undefined;
  for (let n = 0; n < PRUNED_LENGTH; n++) {
    const checkpoint: Checkpoint = parent === undefined ? firstCheckpoint({ n, text: "w".repeat(1000) }) : childOf(parent, { n });
    await put(saver, at(threadId, "", parent?.id), checkpoint, n, parent);
    parent = checkpoint;
  }
}

function nextCheckpoint(parent: Checkpoint | undefined, step: number): Checkpoint {
  if (parent === undefined) return firstCheckpoint(nextState({}, step));
  const after = nextState(parent.channel_values, step);
  const changed = ["log", ...Object.keys(changesOf(step))].map((channel) => [channel, after[channel]]);
  return childOf(parent, Object.fromEntries(changed));
}

function put(saver: CheckpointSaver, config: CheckpointConfig, checkpoint: Checkpoint, step: number, base?: Checkpoint) {
  return saver.put(config, checkpoint, metadata(step), newVersions(checkpoint, base), base);
}

async function putInner(saver: CheckpointSaver, step: number, rootId: string): Promise<unknown> {
  const parent = (await saver.getTuple(at(THREAD, INNER)))?.checkpoint;
  const values = { step, inner: { step } };
  const checkpoint = parent === undefined ? firstCheckpoint(values) : childOf(parent, values);
  const meta = metadata(step, { parents: { "": rootId } });
  return saver.put(at(THREAD, INNER, parent?.id), checkpoint, meta, newVersions(checkpoint, parent), parent);
}

/** The checkpoint of a step, as it is stored. */
async function findStep(saver: CheckpointSaver, step: number): Promise<Checkpoint | undefined> {
  if (step < 0) return undefined;
  for await (const { checkpoint } of saver.list(at(THREAD, ""), { filter: { step } }))
    return (await saver.getTuple(at(THREAD, "", checkpoint.id)))?.checkpoint;
  throw new Error(`The checkpoint of step ${step} is not there.`);
}

import type { CheckpointSaver } from "@holdpoint/checkpoint";
import { Command } from "../../control/command.js";
import { GraphError } from "../../errors.js";
import { once } from "../../once.js";
import { findDecision } from "../answer/find-decision.js";
import { resolveResume } from "../answer/resolve-resume.js";
import { sortTargets } from "../answer/resume-targets.js";
import { leaveIfAborted, sleep } from "../context/abort.js";
import type { GraphRun } from "../context/run-context.js";
import { describeTasks } from "../plan/describe-tasks.js";
import { alreadyDecided } from "../save/already-decided.js";
import type { Fence } from "../save/fence.js";
import { readCheckpoint } from "../save/persistence.js";
import { readSavedStep } from "../save/saved-tasks.js";
import { holdLease } from "./hold-lease.js";
import { type HeldThread, holdThread, ownThread, threadBusy, whenBegun, whenReleased } from "./thread-guard.js";

/**
 * Takes the run's thread, so that no other run mixes with it; undefined where it has none of its own. Waits in line where the config says `multitaskStrategy: "enqueue"`.
 * @throws GraphError THREAD_BUSY; ALREADY_DECIDED for an answer that the run which has the thread has just recorded;
 *   THREAD_BUSY too for a node that runs its own thread, which would wait for itself
 */
export function takeThread(run: GraphRun, input: unknown): Promise<HeldThread> | undefined {
  const { saver, threadId } = run;
  return run.caller !== undefined || saver === undefined || threadId === undefined ? undefined : takeFrom(saver, threadId, run, input);
}

async function takeFrom(saver: CheckpointSaver, threadId: string, run: GraphRun, input: unknown): Promise<HeldThread> {
  for (let around = run.within; around !== undefined; around = around.within) {
    if (around.saver === saver && around.threadId === threadId) throw ownThread(threadId);
  }
  const enqueue = run.config.multitaskStrategy === "enqueue";
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    leaveIfAborted(run.signal);
    const held = holdThread(saver, threadId);
    const taken = held === undefined ? undefined : await leased(held, saver, threadId, run.fence);
    if (taken !== undefined) return taken;
    if (!enqueue) throw await whyBusy(run, input);
    // Another process does not tell when it is done: ask again.
    if (held === undefined) await whenReleased(saver, threadId);
    else await sleep(wait, run.signal);
  }
}

/** Milliseconds between two tries to get a thread that another process has. */
const FIRST_WAIT = 10;
const LONGEST_WAIT = 500;

/** Leases a thread that this process holds; gives it up where another process has it. */
async function leased(held: HeldThread, saver: CheckpointSaver, threadId: string, fence: Fence): Promise<HeldThread | undefined> {
  try {
    const giveBack = await holdLease(saver, threadId, fence);
    if (giveBack !== undefined) return { begun: held.begun, release: once(() => giveBack().finally(held.release)) };
  } catch (error) {
    await held.release();
    throw error;
  }
  await held.release();
  return undefined;
}

/** A second click meets the first one's run: it is told what was decided, where that is what it came for. */
async function whyBusy(run: GraphRun, input: unknown): Promise<GraphError> {
  const { saver, threadId = "" } = run;
  if (saver === undefined || !(input instanceof Command) || !input.hasResume) return threadBusy(threadId);
  await whenBegun(saver, threadId);
  const tuple = await saver.getTuple({ configurable: { thread_id: threadId, checkpoint_ns: "" } });
  if (tuple === undefined) return threadBusy(threadId);
  const saved = readSavedStep(tuple.pendingWrites);
  const tasks = describeTasks(readCheckpoint(tuple.checkpoint, { threadId, ns: "" }).control, {
    checkpointId: tuple.checkpoint.id,
    ns: "",
  });
  const targets = sortTargets(
    tasks.map(({ id }) => saved.tasks.get(id)),
    saved.decisions,
  );
  try {
    resolveResume(input.resume, { ...targets, failed: [] });
    return threadBusy(threadId);
  } catch (error) {
    if (!GraphError.is(error)) throw error;
    if (error.code === "ALREADY_DECIDED") return error;
    const recorded = await findDecision(saver, threadId, input.resume);
    return recorded === undefined ? threadBusy(threadId) : alreadyDecided([recorded], targets.pending);
  }
}

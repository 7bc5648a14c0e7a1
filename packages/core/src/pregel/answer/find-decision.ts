import type { CheckpointSaver, Decision } from "@holdpoint/checkpoint";
import { readSavedStep } from "../save/saved-tasks.js";
import { interruptIds } from "./resolve-resume.js";

/** Checkpoints that are looked through for an answer that came before. Only asked for when an answer has to be refused. */
const LOOK_BACK = 500;

/**
 * Finds what was decided when an answer comes too late: by id anywhere in the thread's recent past, or, for a bare answer, the last decision
 * since the thread was given something new. Undefined where nothing was decided.
 */
export async function findDecision(saver: CheckpointSaver, threadId: string, resume: unknown): Promise<Decision | undefined> {
  const ids = interruptIds(resume);
  for await (const tuple of saver.list({ configurable: { thread_id: threadId, checkpoint_ns: "" } }, { limit: LOOK_BACK })) {
    const decisions = [...readSavedStep(tuple.pendingWrites).decisions.values()].filter(({ refused }) => refused === undefined);
    const found = ids === undefined ? decisions.at(-1) : decisions.find(({ interruptId }) => ids.includes(interruptId));
    if (found !== undefined) return found;
    if (ids === undefined && tuple.metadata?.source !== "loop") return undefined;
  }
  return undefined;
}

import type { Decision } from "@holdpoint/checkpoint";
import { refusedDraft } from "../answer/journal-drafts.js";
import { type GraphRun, outermost, type Refusal, type TaskContext } from "../context/run-context.js";

/** Tells whether an attempt has left anything to wait for. */
export const isUnsettled = ({ children, parsing, refused }: TaskContext): boolean =>
  children !== undefined || parsing !== undefined || refused !== undefined;

/**
 * Waits for what an attempt has started, and does what `interrupt` could not do by itself: it waits for schemas that take their time, and
 * records answers that did not fit as refused, so that they wait again.
 * @returns true when the attempt must be made again, with what the schemas said
 */
export async function settleAttempt(context: TaskContext): Promise<boolean> {
  while (context.children !== undefined && context.children.size > 0) await Promise.allSettled(context.children);
  if (context.parsing !== undefined) {
    await Promise.all(context.parsing);
    return true;
  }
  for (const refusal of context.refused ?? []) await recordRefusal(context.run, refusal);
  return false;
}

async function recordRefusal(run: GraphRun, refusal: Refusal): Promise<void> {
  const { decision, issues } = refusal;
  const refused: Decision = { ...decision, revision: decision.revision + 1, refused: issues };
  run.refusals.push(refusal);
  run.decisions.set(decision.interruptId, refused);
  const journal = run.gate === undefined ? [] : [refusedDraft(decision.interruptId, issues, new Date().toISOString())];
  await outermost(run).persistence?.recordDecisions([refused], [], journal);
}

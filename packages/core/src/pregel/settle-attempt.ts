import type { Decision } from "@holdpoint/checkpoint";
import type { GraphRun, Refusal, TaskContext } from "./run-context.js";

/**
 * Waits for what an attempt has started, and does what `interrupt` could not do by itself: it waits for schemas that take their time, and
 * records answers that did not fit as refused, so that they wait again.
 * @returns true when the attempt must be made again, with what the schemas said
 */
export async function settleAttempt(context: TaskContext): Promise<boolean> {
  while (context.children.size > 0) await Promise.allSettled(context.children);
  if (context.parsing.length > 0) {
    await Promise.all(context.parsing);
    return true;
  }
  for (const refusal of context.refused) await recordRefusal(context.run, refusal);
  return false;
}

async function recordRefusal(run: GraphRun, refusal: Refusal): Promise<void> {
  const { decision, issues } = refusal;
  const refused: Decision = { ...decision, revision: decision.revision + 1, refused: issues };
  run.refusals.push(refusal);
  run.decisions.set(decision.interruptId, refused);
  await outermost(run).persistence?.recordDecisions([refused], []);
}

function outermost(run: GraphRun): GraphRun {
  let found = run;
  while (found.caller !== undefined) found = found.caller.run;
  return found;
}

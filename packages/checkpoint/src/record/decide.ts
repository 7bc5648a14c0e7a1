import { CheckpointError } from "../checkpoint-error.js";
import type { Decision, DecisionOutcome } from "../types.js";
import { describeValue } from "./describe-value.js";

/**
 * Decides whether decisions may be recorded: each must follow the revision that stands, and none is recorded unless all may be.
 * @param recorded finds the decision that stands for an interrupt.
 * @throws CheckpointError INVALID_ARGUMENT if one is malformed, or two are for the same interrupt.
 */
export function decide(decisions: readonly Decision[], recorded: (interruptId: string) => Decision | undefined): DecisionOutcome {
  const conflicting: Decision[] = [];
  let conflict = false;
  checkDecisions(decisions);
  for (const { interruptId, revision } of decisions) {
    const standing = recorded(interruptId);
    if ((standing?.revision ?? -1) === revision - 1) continue;
    conflict = true;
    if (standing !== undefined) conflicting.push(standing);
  }
  return conflict ? { kind: "conflict", recorded: conflicting } : { kind: "recorded" };
}

function checkDecisions(decisions: readonly Decision[]): void {
  const ids = new Set<string>();
  for (const { interruptId, revision } of decisions) {
    if (typeof interruptId !== "string" || interruptId === "") throw invalid("A decision needs the id of the interrupt that it answers.");
    if (!Number.isInteger(revision) || revision < 0)
      throw invalid(`The revision of a decision must be 0, 1, 2 …, not ${describeValue(revision)}.`);
    if (ids.has(interruptId)) throw invalid(`Two decisions answer the interrupt ${interruptId}. Pass one for each.`);
    ids.add(interruptId);
  }
}

function invalid(message: string): CheckpointError {
  return new CheckpointError("INVALID_ARGUMENT", message);
}

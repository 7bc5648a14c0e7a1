import type { Decision, DecisionOutcome } from "../types.js";
import { checkDecisions } from "./check-arguments.js";

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

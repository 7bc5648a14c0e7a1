import type { Decision } from "@holdpoint/checkpoint";

/** Tells whether an interrupt has an answer that counts: recorded, and not refused by its schema. */
export function isAnswered(decisions: ReadonlyMap<string, Decision>, id: string): boolean {
  const decision = decisions.get(id);
  return decision !== undefined && decision.refused === undefined;
}

import type { JournalEntry } from "@holdpoint/checkpoint";
import { readDecider } from "../rules/decider.js";
import type { Decider } from "../rules/rule.js";

/** An answer that did not decide by itself. */
export interface Vote {
  readonly by: Decider;
  readonly value: unknown;
  readonly reason?: string;
  /** ISO 8601. */
  readonly at: string;
}

/**
 * Reads the votes that count for a question, in the order in which they were given: one for each person, the last that they gave. A decision
 * ends the round; where its answer did not fit, or its task failed, votes are gathered anew.
 */
export async function readVotes(
  journal: Iterable<JournalEntry> | AsyncIterable<JournalEntry>,
  interruptId: string,
): Promise<readonly Vote[]> {
  const votes = new Map<string, Vote>();
  for await (const { kind, at, data } of journal) {
    const { interruptId: id, by, value, reason } = (data ?? {}) as { interruptId?: string; by?: unknown; value?: unknown; reason?: string };
    if (id !== interruptId) continue;
    if (kind === "decided" || kind === "refused") votes.clear();
    const decider = kind === "voted" ? readDecider(by) : undefined;
    if (decider === undefined) continue;
    votes.delete(decider.id);
    votes.set(decider.id, { by: decider, value, ...(reason === undefined ? {} : { reason }), at });
  }
  return [...votes.values()];
}

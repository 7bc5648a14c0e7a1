/** A vote as far as counting needs it. */
export interface CountedVote {
  readonly voter: string;
  /** Answers that count together have the same group. */
  readonly group: number;
  readonly rejects: boolean;
}

export interface NeededVotes {
  /** People who have to give the same answer. */
  readonly approvals: number;
  /** People who have to reject, whatever words they use. */
  readonly rejections: number;
}

/** What a vote does: it decides, or so many more of its kind are needed. */
export type VoteOutcome = { readonly kind: "decides" } | { readonly kind: "waits"; readonly missing: number };

/**
 * Counts a vote with those that stand. Each voter counts once, with the last vote given. Rejections count together; other answers count with
 * equal ones only, and not as long as enough people reject.
 */
export function countVotes(standing: readonly CountedVote[], vote: CountedVote, { approvals, rejections }: NeededVotes): VoteOutcome {
  const last = new Map<string, CountedVote>();
  for (const one of [...standing, vote]) last.set(one.voter, one);
  const votes = [...last.values()];
  const rejecting = votes.filter(({ rejects }) => rejects).length;
  if (vote.rejects) return outcome(rejections - rejecting);
  const agreeing = votes.filter(({ rejects, group }) => !rejects && group === vote.group).length;
  return rejecting >= rejections ? { kind: "waits", missing: Math.max(1, approvals - agreeing) } : outcome(approvals - agreeing);
}

const outcome = (missing: number): VoteOutcome => (missing <= 0 ? { kind: "decides" } : { kind: "waits", missing });

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CountedVote, countVotes } from "./count-votes.js";

const vote = fc.record({ voter: fc.constantFrom("a", "b", "c", "d", "e"), group: fc.nat(2), rejects: fc.boolean() });
const needed = fc.record({ approvals: fc.integer({ min: 1, max: 4 }), rejections: fc.integer({ min: 1, max: 4 }) });

/** Lets votes come one by one until one decides. */
function poll(votes: readonly CountedVote[], need: { approvals: number; rejections: number }) {
  const standing: CountedVote[] = [];
  for (const one of votes) {
    const outcome = countVotes(standing, one, need);
    standing.push(one);
    if (outcome.kind === "decides") return { decided: one, standing };
  }
  return { decided: undefined, standing };
}

/** The last vote of each voter. */
const ballots = (votes: readonly CountedVote[]) => [...new Map(votes.map((one) => [one.voter, one])).values()];

describe("countVotes", () => {
  it("decides exactly when enough different people say the same, and never with fewer", () => {
    fc.assert(
      fc.property(fc.array(vote, { maxLength: 14 }), needed, (votes, need) => {
        const { decided, standing } = poll(votes, need);
        const last = ballots(standing);
        const rejecting = last.filter(({ rejects }) => rejects).length;
        const agreeing = (group: number) => last.filter((one) => !one.rejects && one.group === group).length;
        if (decided === undefined) {
          expect(rejecting).toBeLessThan(need.rejections);
          for (const group of [0, 1, 2]) expect(agreeing(group)).toBeLessThan(need.approvals);
        } else if (decided.rejects) expect(rejecting).toBe(need.rejections);
        else expect(agreeing(decided.group)).toBe(need.approvals);
      }),
    );
  });

  it("is decided by n distinct people at least, however often one of them votes", () => {
    fc.assert(
      fc.property(fc.array(vote, { maxLength: 14 }), needed, (votes, need) => {
        const { decided, standing } = poll(votes, need);
        if (decided === undefined) return;
        const voters = new Set(standing.map(({ voter }) => voter));
        expect(voters.size).toBeGreaterThanOrEqual(decided.rejects ? need.rejections : need.approvals);
      }),
    );
  });

  it("does not depend on the order in which equal votes came", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e"), { minLength: 1 }),
        needed,
        fc.boolean(),
        (voters, need, rejects) => {
          const votes = voters.map((voter) => ({ voter, group: 0, rejects }));
          const one = poll(votes, need).standing.length;
          expect(poll([...votes].reverse(), need).standing.length).toBe(one);
        },
      ),
    );
  });

  it("holds an approval as long as enough people reject, as where a rule was made stricter", () => {
    const standing = [
      { voter: "a", group: 0, rejects: true },
      { voter: "b", group: 1, rejects: false },
    ];
    expect(countVotes(standing, { voter: "c", group: 1, rejects: false }, { approvals: 2, rejections: 1 })).toEqual({
      kind: "waits",
      missing: 1,
    });
  });
});

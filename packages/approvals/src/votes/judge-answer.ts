import type { ProposedAnswer, Verdict } from "@holdpoint/core";
import { ApprovalError, type ApprovalErrorCode } from "../approval-error.js";
import { expired, isExpired, levelOf } from "../deadlines/due.js";
import { type ApprovalTerms, needsVotes } from "../deadlines/question-terms.js";
import { DEADLINE, readDecider } from "../rules/decider.js";
import { describeApprovers, mayDecide, namedApprovers } from "../rules/may-decide.js";
import type { Level, ReadRule } from "../rules/read-rules.js";
import type { Decider } from "../rules/rule.js";
import { isRejection, isSameAnswer } from "./canonical-answer.js";
import { type CountedVote, countVotes } from "./count-votes.js";
import { readVotes, type Vote } from "./read-votes.js";

/** An answer with the rule that it is judged by. */
interface Judged {
  readonly rule: ReadRule;
  readonly level: Level;
  readonly terms: ApprovalTerms;
  readonly answer: ProposedAnswer;
}

/**
 * Judges an answer by its rule: whether this person may give it, in time, and whether enough people agree.
 * @throws ApprovalError EXPIRED, MISSING_BY, OWN_REQUEST, MISSING_REQUESTER, NOT_AN_APPROVER, ALREADY_VOTED, MISSING_CAPABILITY
 */
export async function judgeAnswer(rule: ReadRule, answer: ProposedAnswer, now: Date): Promise<Verdict> {
  const terms = (answer.interrupt.terms ?? {}) as ApprovalTerms;
  const judged: Judged = { rule, level: levelOf(rule, terms), terms, answer };
  if (isExpired(rule, terms, now)) throw expired(answer, { rule: rule.name, ...terms }, "Ask anew if it still matters.");
  const counts = needsVotes(judged.level);
  const by = readDecider(answer.by);
  if (by?.id === DEADLINE) throw await refuse(judged, "NOT_AN_APPROVER", `"${DEADLINE}" is the name under which deadlines are recorded.`);
  if (by === undefined) {
    if (judged.level.approvers === "anyone" && !counts && !rule.separateDuties) return { kind: "accept" };
    throw await refuse(judged, "MISSING_BY", "The answer does not say whose it is. Say it: new Command({ resume, by: { id } }).");
  }
  await requireApprover(judged, by);
  if (!counts) return { kind: "accept" };
  return countAnswer(judged, by, await standingVotes(judged));
}

async function requireApprover(judged: Judged, by: Decider): Promise<void> {
  const { rule, level, terms, answer } = judged;
  if (rule.separateDuties) {
    const requester = terms.requester ?? answer.requester;
    if (typeof requester !== "string") {
      throw await refuse(
        judged,
        "MISSING_REQUESTER",
        "Duties are separated, but it was not kept who requested. Ask anew, with the requester.",
      );
    }
    if (by.id === requester) throw await refuse(judged, "OWN_REQUEST", `${by.id} requested it, and others have to decide it.`);
  }
  if (!(await mayDecide(level, by, answer))) throw await refuse(judged, "NOT_AN_APPROVER", `${by.id} is none of those who decide it.`);
}

/** Votes so far, of people who may still decide. */
async function standingVotes({ rule, level, terms, answer }: Judged): Promise<readonly Vote[]> {
  if (answer.journal === undefined) {
    throw new ApprovalError(
      "MISSING_CAPABILITY",
      `Rule "${rule.name}" counts votes, but the saver keeps no journal to find them in. Use one that has appendJournal and readJournal, such as SqliteSaver.`,
    );
  }
  const standing: Vote[] = [];
  for (const vote of await readVotes(answer.journal(), answer.interrupt.id)) {
    const isOwn = rule.separateDuties && vote.by.id === (terms.requester ?? answer.requester);
    if (!isOwn && (await mayDecide(level, vote.by, answer))) standing.push(vote);
  }
  return standing;
}

async function countAnswer(judged: Judged, by: Decider, standing: readonly Vote[]): Promise<Verdict> {
  const { rule, level, answer } = judged;
  const { value } = answer;
  const shown = answer.interrupt.value;
  const before = standing.find((vote) => vote.by.id === by.id);
  if (before !== undefined && isSameAnswer(before.value, value, shown)) {
    throw await refuse(judged, "ALREADY_VOTED", `${by.id} gave this answer at ${before.at} already, and counts once.`);
  }
  const rejects = rule.rejects ?? isRejection;
  const groups: unknown[] = [];
  const counted = (voter: string, given: unknown): CountedVote => {
    const known = groups.findIndex((other) => isSameAnswer(given, other, shown));
    return { voter, group: known === -1 ? groups.push(given) - 1 : known, rejects: rejects(given) === true };
  };
  const outcome = countVotes(
    standing.map((vote) => counted(vote.by.id, vote.value)),
    counted(by.id, value),
    level,
  );
  return outcome.kind === "decides" ? { kind: "accept" } : { kind: "hold", note: { missing: outcome.missing } };
}

async function refuse(judged: Judged, code: ApprovalErrorCode, fact: string): Promise<ApprovalError> {
  const { rule, level, terms, answer } = judged;
  const { journal, interrupt } = answer;
  const votes = journal === undefined || !needsVotes(level) ? [] : await readVotes(journal(), interrupt.id);
  const approvers = namedApprovers(level, terms.assignees) ?? describeApprovers(level, terms.assignees);
  const said = votes.length === 0 ? "" : ` Votes so far: ${votes.map(({ by }) => by.id).join(", ")}.`;
  return new ApprovalError(
    code,
    `${fact} Nothing was recorded, and the question goes on waiting. It may be decided by ${describeApprovers(level, terms.assignees)} ` +
      `(rule "${rule.name}"${level.approvals > 1 ? `, ${level.approvals} have to agree` : ""}).${said}`,
    { interruptId: interrupt.id, rule: rule.name, approvers, votes },
  );
}

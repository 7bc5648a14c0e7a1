import { describeThrown } from "@holdpoint/checkpoint";
import type { AskedQuestion, DueTouch, Ruling } from "@holdpoint/core";
import { ApprovalError } from "../approval-error.js";
import { DEADLINE } from "../rules/decider.js";
import { findRule } from "../rules/find-rule.js";
import type { Level, ReadRule } from "../rules/read-rules.js";
import { denialOf } from "./denial.js";
import type { Notification, Notify } from "./notification.js";
import { type ApprovalTerms, levelTerms } from "./question-terms.js";

/** What a policy does when a question is looked at. */
interface DuePolicy {
  readonly rules: readonly ReadRule[];
  readonly now: () => Date;
  readonly notify: Notify | undefined;
}

type Due = { readonly ruling: Ruling; readonly notification: Notification };

/** Says what is due of a question, and tells `notify`. Undefined as long as its time is not over. */
export async function dueRuling(policy: DuePolicy, question: AskedQuestion, touch: DueTouch): Promise<Ruling | undefined> {
  const now = policy.now();
  // Most questions have time: of these not even the rule is looked up.
  if (isFar(question, now, touch)) return undefined;
  const due = findDue(findRule(policy.rules, question), question, touch, now);
  if (due === undefined) return undefined;
  try {
    await policy.notify?.(due.notification);
  } catch (error) {
    // Nobody else would learn of an escalation or a reminder: the next sweep tries again. What is answered is so whether or not somebody hears of it,
    // and nobody's run fails because a mail server is down.
    if (touch === "sweep" && due.ruling.kind === "terms") throw error;
    const { message: reason } = describeThrown(error);
    process.emitWarning(`notify failed for question ${question.interrupt.id} (${due.notification.kind}): ${reason}`, "HoldpointWarning");
  }
  return due.ruling;
}

const isFar = ({ interrupt: { terms } }: AskedQuestion, now: Date, touch: DueTouch): boolean =>
  terms?.expiresAt === undefined || (touch === "run" && now.getTime() < Date.parse(terms.expiresAt));

/** The level that a question has reached; the rule's last one where the rule has become shorter since. */
export const levelOf = (rule: ReadRule, terms: ApprovalTerms | undefined): Level =>
  rule.levels[Math.min(terms?.level ?? 0, rule.levels.length - 1)] as Level;

/** Tells whether an answer would come too late. */
export function isExpired(rule: ReadRule, terms: ApprovalTerms | undefined, now: Date): boolean {
  if (terms?.expiresAt === undefined || levelOf(rule, terms).onExpiry === "remind") return false;
  return now.getTime() >= Date.parse(terms.expiresAt);
}

function findDue(rule: ReadRule, question: AskedQuestion, touch: DueTouch, now: Date): Due | undefined {
  const terms = (question.interrupt.terms ?? {}) as ApprovalTerms;
  const level = levelOf(rule, terms);
  const deadline = Date.parse(terms.expiresAt ?? "");
  if (now.getTime() < deadline) {
    const isNear = level.remindBefore !== undefined && now.getTime() >= deadline - level.remindBefore;
    return isNear && terms.remindedAt === undefined ? remind(question, { ...terms, remindedAt: now.toISOString() }) : undefined;
  }
  const { onExpiry } = level;
  if (onExpiry === "remind") {
    if (touch !== "sweep") return undefined;
    const { remindedAt: _, ...kept } = terms;
    return remind(question, { ...kept, expiresAt: new Date(now.getTime() + (level.expiresIn ?? 0)).toISOString() });
  }
  const index = Math.min(terms.level ?? 0, rule.levels.length - 1) + 1;
  if (onExpiry === "escalate" && index < rule.levels.length) {
    const changed = levelTerms(rule, terms, index, now);
    return { ruling: { kind: "terms", terms: changed, note: "escalated" }, notification: { kind: "escalated", question, terms: changed } };
  }
  return expire(rule, question, terms, onExpiry);
}

const remind = (question: AskedQuestion, terms: ApprovalTerms): Due => ({
  ruling: { kind: "terms", terms, note: "reminded" },
  notification: { kind: "reminded", question, terms },
});

function expire(rule: ReadRule, question: AskedQuestion, terms: ApprovalTerms, onExpiry: Level["onExpiry"]): Due | undefined {
  const reason = `Nobody decided until ${terms.expiresAt}.`;
  let value: unknown = rule.denial;
  if (typeof onExpiry === "object") value = onExpiry.answer;
  else if (value === undefined) {
    const denial = denialOf(question.interrupt.value, reason);
    // Asked under other rules: it goes on waiting, and whoever answers is refused.
    if (denial.kind === "none") return undefined;
    value = denial.value;
  }
  const refusal = expired(question, terms, `The rule "${rule.name}" has answered it: ${onExpiry === "deny" ? "denied" : "by default"}.`);
  return {
    ruling: { kind: "answer", value, by: { id: DEADLINE }, reason, refusal },
    notification: { kind: "expired", question, terms, answer: value },
  };
}

/** The error for an answer that comes after the deadline. */
export const expired = ({ interrupt: { id } }: AskedQuestion, { rule, expiresAt }: ApprovalTerms, outcome: string): ApprovalError =>
  new ApprovalError(
    "EXPIRED",
    `The question ${id} could be answered until ${expiresAt}. This answer came later and was not recorded. ${outcome}`,
    {
      interruptId: id,
      rule,
      expiresAt,
    },
  );

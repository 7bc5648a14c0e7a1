import type { DecisionGate, GraphConfig } from "@holdpoint/core";
import { dueRuling } from "./deadlines/due.js";
import type { Notify } from "./deadlines/notification.js";
import { questionTerms } from "./deadlines/question-terms.js";
import { checkFunction, readOptions } from "./read-options.js";
import { findRule } from "./rules/find-rule.js";
import { readRules } from "./rules/read-rules.js";
import type { Rule } from "./rules/rule.js";
import { judgeAnswer } from "./votes/judge-answer.js";

export interface ApprovalOptions {
  /** The first that fits a question counts. A question that none fits cannot be asked. */
  readonly rules: readonly Rule[];
  /** Names who gives an input, from the config of the run that takes it. Default: `config.configurable.user_id`. */
  readonly requester?: (config: GraphConfig) => string | undefined;
  /** Told of reminders, escalations and questions that expired: to send a mail, say. */
  readonly notify?: Notify;
  /** The clock. Default: the system's. */
  readonly now?: () => Date;
}

const BRAND = Symbol.for("holdpoint.ApprovalPolicy");

/** A policy for `compile({ approvals })`. */
export interface ApprovalPolicy extends Required<Pick<DecisionGate, "terms" | "requester" | "due" | "judge">> {
  readonly now: () => Date;
  /** Milliseconds before a deadline at which the earliest reminder is due. */
  readonly remindBefore: number;
}

/** Tells policies of this package from other gates; holds across duplicate installs. */
export const isApprovals = (gate: DecisionGate | undefined): gate is ApprovalPolicy => gate !== undefined && BRAND in gate;

/**
 * Makes an approval policy: who decides which question, how many of them, and until when.
 *
 * It fails closed: a question under no rule cannot be asked, an answer by somebody who may not give it is refused before anything is recorded,
 * and rules that nobody could satisfy are refused here. What was asked, voted, decided and run is kept in the saver's journal.
 * @returns what `compile({ approvals })` takes
 * @throws ApprovalError INVALID_OPTIONS
 * @example
 * ```ts
 * import { createApprovals } from "@holdpoint/approvals";
 * const approvals = createApprovals({
 *   rules: [
 *     { name: "refunds", when: { action: "refund" }, approvers: ["ann", "bob", "cy"], quorum: 2, separateDuties: true, expiresIn: 86_400_000 },
 *     { name: "rest", approvers: "anyone" },
 *   ],
 * });
 * ```
 */
export function createApprovals(given: ApprovalOptions): ApprovalPolicy {
  const options = readOptions("createApprovals()", given, ["rules", "requester", "notify", "now"]);
  for (const hook of ["requester", "notify", "now"] as const) checkFunction(`${hook} of createApprovals()`, options[hook]);
  const rules = readRules(options.rules);
  const { now = () => new Date(), notify, requester = userOf } = options;
  const approvals: ApprovalPolicy = {
    now,
    remindBefore: Math.max(0, ...rules.flatMap(({ levels }) => levels.map((level) => level.remindBefore ?? 0))),
    requester,
    terms: (question) => questionTerms(findRule(rules, question), question, now()),
    due: (question, touch) => dueRuling({ rules, now, notify }, question, touch),
    judge: (answer) => judgeAnswer(findRule(rules, answer), answer, now()),
  };
  return Object.defineProperty(approvals, BRAND, { value: true });
}

const userOf = ({ configurable }: GraphConfig): string | undefined => {
  const user = configurable?.user_id;
  return typeof user === "string" ? user : undefined;
};

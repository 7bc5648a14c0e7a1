import type { AskedQuestion } from "@holdpoint/core";
import { ApprovalError } from "../approval-error.js";
import { actionNames } from "./read-format.js";
import type { ReadRule } from "./read-rules.js";
import type { Match, RuledQuestion } from "./rule.js";

/**
 * Finds the rule that a question is under: the one that its terms name, or the first that fits.
 * @throws ApprovalError UNKNOWN_RULE, NO_RULE; MIXED_RULES where the actions of one question are under several
 */
export function findRule(rules: readonly ReadRule[], question: AskedQuestion): ReadRule {
  const { terms, value, id } = question.interrupt;
  if (terms?.rule !== undefined) {
    const named = rules.find(({ name }) => name === terms.rule);
    if (named !== undefined) return named;
    throw new ApprovalError(
      "UNKNOWN_RULE",
      `The question of node "${question.node}" is under the rule ${JSON.stringify(terms.rule)}, which there is not. ` +
        `There are: ${rules.map(({ name }) => name).join(", ")}.`,
      { interruptId: id, rule: terms.rule },
    );
  }
  const actions = actionNames(value);
  const found = (actions.length === 0 ? [undefined] : actions).map((action) => firstFit(rules, { ...question, action }));
  const [rule, ...others] = [...new Set(found)] as [ReadRule, ...ReadRule[]];
  if (others.length === 0) return rule;
  throw new ApprovalError(
    "MIXED_RULES",
    `The question of node "${question.node}" shows ${actions.join(", ")}, which are under different rules (${[rule, ...others].map(({ name }) => name).join(", ")}). Ask for each by itself.`,
    { interruptId: id },
  );
}

function firstFit(rules: readonly ReadRule[], question: RuledQuestion): ReadRule {
  const rule = rules.find(({ when }) => fits(when, question));
  if (rule !== undefined) return rule;
  const { node, graph, action, interrupt } = question;
  throw new ApprovalError(
    "NO_RULE",
    `No rule is for the question of node "${node}" in "${graph}"${action === undefined ? "" : ` (action "${action}")`}, so that nobody may decide it. ` +
      'Add a rule for it, or one for the rest as the last: { name: "rest", approvers: "anyone" }.',
    { interruptId: interrupt.id },
  );
}

function fits(when: ReadRule["when"], question: RuledQuestion): boolean {
  if (when === undefined) return true;
  if (when === "named") return false;
  // Only true is a yes: a promise, or a text, is somebody's mistake.
  if (typeof when === "function") return (when(question) as unknown) === true;
  return (["action", "node", "graph"] as const satisfies readonly (keyof Match)[]).every((key) => {
    const wanted = when[key];
    const value = question[key];
    if (wanted === undefined) return true;
    return value !== undefined && (typeof wanted === "string" ? wanted === value : wanted.includes(value));
  });
}

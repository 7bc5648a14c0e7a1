import { describeUnknownKeys } from "@holdpoint/checkpoint";
import { ApprovalError } from "../approval-error.js";
import type { Approvers, OnExpiry, Quorum, Rule } from "./rule.js";

/** A rule's approvers for one stretch of its time, with everything filled in. */
export interface Level {
  readonly approvers: Approvers;
  readonly approvals: number;
  readonly rejections: number;
  readonly expiresIn: number | undefined;
  readonly remindBefore: number | undefined;
  readonly onExpiry: "deny" | "remind" | "escalate" | { readonly answer: unknown };
}

/** A rule that was checked. Its first level is asked first, the next one when the time of that one is over. */
export interface ReadRule extends Pick<Rule, "name" | "when" | "rejects" | "denial"> {
  readonly separateDuties: boolean;
  readonly levels: readonly [Level, ...Level[]];
}

type Stage = Pick<Rule, "approvers" | "quorum" | "expiresIn" | "remindBefore" | "onExpiry">;

const RULE_KEYS = [
  "name",
  "when",
  "approvers",
  "quorum",
  "separateDuties",
  "rejects",
  "denial",
  "expiresIn",
  "remindBefore",
  "onExpiry",
] as const satisfies readonly (keyof Rule)[];
const ESCALATION_KEYS = ["to", "quorum", "expiresIn", "remindBefore", "onExpiry"];
const MATCH_KEYS = ["action", "node", "graph"];

/** @throws ApprovalError INVALID_OPTIONS for whatever could let somebody decide who should not, or keep everybody from deciding */
export function readRules(rules: readonly Rule[]): readonly ReadRule[] {
  if (!Array.isArray(rules) || rules.length === 0) throw invalid("createApprovals() needs a list of rules, with at least one.");
  const names = new Set<string>();
  return rules.map((rule, index) => {
    const name = readName(rule, index);
    if (names.has(name)) throw invalid(`Two rules are named "${name}". Give each a name of its own.`);
    names.add(name);
    if (rule.when === undefined && index < rules.length - 1) {
      throw invalid(`Rule "${name}" is for every question, so that those after it would never count. Give it a "when", or put it last.`);
    }
    return readRule(rule);
  });
}

function readName(rule: Rule, index: number): string {
  const name: unknown = rule?.name;
  if (typeof name !== "string" || name === "") throw invalid(`Rule ${index} has no name. Give it one: questions keep it in their terms.`);
  return name;
}

function readRule(rule: Rule): ReadRule {
  const { name, when, separateDuties = false, rejects, denial } = rule;
  const where = `rule "${name}"`;
  refuseUnknown(rule, RULE_KEYS, where);
  if (typeof separateDuties !== "boolean") throw invalid(`separateDuties of ${where} must be true or false.`);
  if (rejects !== undefined && typeof rejects !== "function") throw invalid(`rejects of ${where} must be a function.`);
  readWhen(when, where);
  return { name, when, separateDuties, rejects, denial, levels: readLevels(rule, where) };
}

function readWhen(when: Rule["when"], where: string): void {
  if (when === undefined || when === "named" || typeof when === "function") return;
  if (typeof when !== "object" || when === null || Array.isArray(when)) {
    throw invalid(`when of ${where} must be { action, node, graph }, "named" or a function.`);
  }
  refuseUnknown(when, MATCH_KEYS, `when of ${where}`);
  const names = Object.entries(when).filter(([, value]) => value !== undefined);
  if (names.length === 0) throw invalid(`when of ${where} says nothing. Leave it out if the rule is for every question.`);
  for (const [key, value] of names) readNames(value, `${key} in when of ${where}`);
}

function readLevels(first: Stage, where: string): readonly [Level, ...Level[]] {
  const level = readLevel(first, where);
  const { onExpiry } = first;
  if (typeof onExpiry !== "object" || !("escalate" in onExpiry)) return [level];
  const { escalate } = onExpiry;
  const next = `the escalation of ${where}`;
  refuseUnknown(escalate, ESCALATION_KEYS, next);
  return [level, ...readLevels({ ...escalate, approvers: escalate.to }, next)];
}

function readLevel({ approvers, quorum = 1, expiresIn, remindBefore, onExpiry = "deny" }: Stage, where: string): Level {
  const { approvals, rejections } = readQuorum(quorum, where);
  readApprovers(approvers, Math.max(approvals, rejections), where);
  if (expiresIn !== undefined && !isTime(expiresIn)) throw invalid(`expiresIn of ${where} must be a number of milliseconds above 0.`);
  if (remindBefore !== undefined && !isTime(remindBefore)) {
    throw invalid(`remindBefore of ${where} must be a number of milliseconds above 0.`);
  }
  if (expiresIn !== undefined && remindBefore !== undefined && remindBefore >= expiresIn) {
    throw invalid(`remindBefore of ${where} must be shorter than expiresIn.`);
  }
  return { approvers, approvals, rejections, expiresIn, remindBefore, onExpiry: readExpiry(onExpiry, expiresIn, where) };
}

function readExpiry(onExpiry: OnExpiry, expiresIn: number | undefined, where: string): Level["onExpiry"] {
  if (onExpiry === "deny") return onExpiry;
  if (onExpiry === "remind") {
    if (expiresIn === undefined) throw invalid(`${where} reminds again and again, but does not say how often. Give it expiresIn.`);
    return onExpiry;
  }
  if (typeof onExpiry === "object" && onExpiry !== null && Object.keys(onExpiry).length === 1) {
    if ("escalate" in onExpiry && typeof onExpiry.escalate === "object" && onExpiry.escalate !== null) return "escalate";
    if ("answer" in onExpiry && onExpiry.answer !== undefined) return { answer: onExpiry.answer };
  }
  throw invalid(`onExpiry of ${where} must be "deny", "remind", { answer: value } or { escalate: { to } }.`);
}

function readQuorum(quorum: Quorum, where: string): { approvals: number; rejections: number } {
  const { approvals, rejections = 1 } = typeof quorum === "object" && quorum !== null ? quorum : { approvals: quorum };
  if (!isCount(approvals) || !isCount(rejections)) {
    throw invalid(`quorum of ${where} must be a whole number above 0, or { approvals, rejections } of such.`);
  }
  return { approvals, rejections };
}

function readApprovers(approvers: Approvers, needed: number, where: string): void {
  if (approvers === "anyone" || approvers === "assignees" || typeof approvers === "function") return;
  if (typeof approvers === "object" && approvers !== null && "role" in approvers) {
    refuseUnknown(approvers, ["role"], `the approvers of ${where}`);
    readNames(approvers.role, `role of ${where}`);
    return;
  }
  if (!Array.isArray(approvers)) {
    throw invalid(
      `The approvers of ${where} must be a list of ids, { role }, a function, "assignees" or "anyone". "anyone" has to be said: leaving it out opens nothing.`,
    );
  }
  readNames(approvers, `approvers of ${where}`);
  if (new Set(approvers).size !== approvers.length) throw invalid(`The approvers of ${where} name somebody twice.`);
  if (approvers.length < needed) {
    throw invalid(`${needed} have to agree by ${where}, but it has ${approvers.length} approvers. Nobody could ever decide.`);
  }
}

function readNames(names: unknown, where: string): void {
  const list: readonly unknown[] = Array.isArray(names) ? names : [names];
  if (list.length === 0) throw invalid(`${where} is empty.`);
  for (const name of list) {
    if (typeof name !== "string" || name.trim() === "") throw invalid(`${where} must be texts that are not empty.`);
  }
}

function refuseUnknown(given: object, known: readonly string[], where: string): void {
  const unknown = describeUnknownKeys(given, known);
  if (unknown !== undefined) throw invalid(`${unknown} of ${where} is not known. Known: ${known.join(", ")}.`);
}

const isTime = (value: unknown): boolean => typeof value === "number" && Number.isFinite(value) && value > 0;
const isCount = (value: unknown): boolean => typeof value === "number" && Number.isInteger(value) && value > 0;
const invalid = (message: string): ApprovalError => new ApprovalError("INVALID_OPTIONS", message);

import type { InterruptTerms } from "@holdpoint/checkpoint";
import type { AskedQuestion } from "@holdpoint/core";
import { ApprovalError } from "../approval-error.js";
import { namedApprovers } from "../rules/may-decide.js";
import type { Level, ReadRule } from "../rules/read-rules.js";
import { denialOf } from "./denial.js";

/** What an approval policy keeps with a question. Whatever else the call gave in its terms is kept beside it. */
export interface ApprovalTerms extends InterruptTerms {
  /** Name of the rule. */
  readonly rule?: string;
  /** How often it was escalated. */
  readonly level?: number;
  /** People who have to agree, where answers are counted. */
  readonly quorum?: number;
  /** Role of those who are asked, where they are known by it. */
  readonly role?: string | readonly string[];
  /** Who requested what is asked. */
  readonly requester?: string;
  /** When the reminder of the deadline that stands was sent, ISO 8601. */
  readonly remindedAt?: string;
}

/**
 * Makes the terms of a question that is asked now.
 * @throws ApprovalError where it could never be decided as the rule wants: INVALID_OPTIONS, MISSING_REQUESTER, UNREACHABLE_QUORUM, CANNOT_DENY
 */
export function questionTerms(rule: ReadRule, question: AskedQuestion, now: Date): ApprovalTerms {
  const { expiresIn, expiresAt: _e, ...given } = (question.interrupt.terms ?? {}) as ApprovalTerms & { readonly expiresIn?: unknown };
  const requester = readRequester(given.requester ?? question.requester);
  if (rule.separateDuties && requester === undefined) throw missingRequester(rule, question);
  checkAssignees(question);
  const times = givenTimes(question, expiresIn, now);
  checkReachable(rule, question, requester);
  const [first] = rule.levels;
  if (times.length > 0 || first.expiresIn !== undefined) checkDeniable(rule, question);
  const terms: ApprovalTerms = { ...given, ...(requester === undefined ? {} : { requester }), rule: rule.name };
  return levelTerms(rule, terms, 0, now, times);
}

/** The terms at one level of the rule: who is asked, how many, and until when. The earliest time counts. */
export function levelTerms(rule: ReadRule, terms: ApprovalTerms, index: number, now: Date, times: readonly number[] = []): ApprovalTerms {
  const level = rule.levels[index] as Level;
  const { assignees, quorum: _q, role: _r, expiresAt: _e, remindedAt: _m, level: _l, ...kept } = terms;
  const deadlines = level.expiresIn === undefined ? times : [...times, now.getTime() + level.expiresIn];
  const asked =
    namedApprovers(level, assignees)?.filter((id) => !rule.separateDuties || id !== terms.requester) ??
    (index === 0 ? assignees : undefined);
  const { approvers } = level;
  return {
    ...kept,
    ...(index === 0 ? {} : { level: index }),
    ...(asked === undefined ? {} : { assignees: asked }),
    ...(typeof approvers === "object" && "role" in approvers ? { role: approvers.role } : {}),
    ...(needsVotes(level) ? { quorum: level.approvals } : {}),
    ...(deadlines.length === 0 ? {} : { expiresAt: new Date(Math.min(...deadlines)).toISOString() }),
  };
}

/** Tells whether one answer may not be enough. */
export const needsVotes = ({ approvals, rejections }: Level): boolean => approvals > 1 || rejections > 1;

function readRequester(requester: unknown): string | undefined {
  if (typeof requester === "string" && requester !== "") return requester;
  if (typeof requester !== "object" || requester === null) return undefined;
  return readRequester((requester as { id?: unknown }).id);
}

function checkAssignees({ interrupt: { terms }, node }: AskedQuestion): void {
  const assignees: unknown = terms?.assignees;
  if (assignees === undefined || (Array.isArray(assignees) && assignees.every((id) => typeof id === "string" && id !== ""))) return;
  throw new ApprovalError("INVALID_OPTIONS", `The assignees that node "${node}" gives its question must be a list of ids.`);
}

/** Times that the question's own terms give. */
function givenTimes({ interrupt: { terms }, node }: AskedQuestion, expiresIn: unknown, now: Date): number[] {
  const times: number[] = [];
  if (terms?.expiresAt !== undefined) times.push(typeof terms.expiresAt === "string" ? Date.parse(terms.expiresAt) : Number.NaN);
  if (expiresIn !== undefined) times.push(typeof expiresIn === "number" && expiresIn > 0 ? now.getTime() + expiresIn : Number.NaN);
  if (times.every(Number.isFinite)) return times;
  throw new ApprovalError(
    "INVALID_OPTIONS",
    `The terms of node "${node}" hold a time that is none. expiresAt is a text of ISO 8601, expiresIn a number of milliseconds above 0.`,
  );
}

function checkReachable(rule: ReadRule, { interrupt: { id, terms }, node }: AskedQuestion, requester: string | undefined): void {
  for (const level of rule.levels) {
    const named = namedApprovers(level, terms?.assignees);
    if (named === undefined) continue;
    const able = new Set(rule.separateDuties ? named.filter((one) => one !== requester) : named).size;
    const needed = Math.max(level.approvals, level.rejections);
    if (able >= needed) continue;
    throw new ApprovalError(
      "UNREACHABLE_QUORUM",
      `Rule "${rule.name}" wants ${needed} to agree on the question of node "${node}", but only ${able} may: ${named.join(", ") || "nobody is named"}` +
        `${rule.separateDuties ? `, without the requester (${requester})` : ""}. Name more approvers, or lower the quorum.`,
      { interruptId: id, rule: rule.name, approvers: named },
    );
  }
}

function checkDeniable(rule: ReadRule, { interrupt: { id, value }, node }: AskedQuestion): void {
  if (rule.denial !== undefined || !rule.levels.some(({ onExpiry }) => onExpiry === "deny")) return;
  const denial = denialOf(value, "");
  if (denial.kind === "answer") return;
  throw new ApprovalError(
    "CANNOT_DENY",
    `Rule "${rule.name}" denies the question of node "${node}" when its time is over, but the question allows only ${denial.allowed.join(", ") || "nothing"}. ` +
      "Allow ignore (or reject), or say what happens: { onExpiry: { answer } }, { denial }.",
    { interruptId: id, rule: rule.name },
  );
}

const missingRequester = (rule: ReadRule, { interrupt: { id }, node }: AskedQuestion): ApprovalError =>
  new ApprovalError(
    "MISSING_REQUESTER",
    `Rule "${rule.name}" separates duties, but who requested what node "${node}" asks is not known. ` +
      "Say it when the run is started: { configurable: { user_id } }, or createApprovals({ requester: (config) => … }), or the terms of the question: { requester }.",
    { interruptId: id, rule: rule.name },
  );

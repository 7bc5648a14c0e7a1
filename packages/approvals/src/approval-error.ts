import { isBranded } from "@holdpoint/checkpoint";

/** What was refused, as a stable word; the message says it in a sentence, with the remedy. */
export type ApprovalErrorCode =
  /** The person has given this answer before. */
  | "ALREADY_VOTED"
  /** The question allows no answer that denies it, but its rule denies it when its time is over. */
  | "CANNOT_DENY"
  /** The deadline has passed. */
  | "EXPIRED"
  /** The rules, the terms of a question, or other options cannot be used as they are. */
  | "INVALID_OPTIONS"
  /** `Command({ resume })` did not say who answers. */
  | "MISSING_BY"
  /** The saver, or the graph, lacks what the call needs. */
  | "MISSING_CAPABILITY"
  /** Duties are to be separated, but nobody knows who requested. */
  | "MISSING_REQUESTER"
  /** One question shows several actions, under different rules. */
  | "MIXED_RULES"
  /** Somebody answers who may not. */
  | "NOT_AN_APPROVER"
  /** No rule matches the question. */
  | "NO_RULE"
  /** The requester answers a question that others have to answer. */
  | "OWN_REQUEST"
  /** A question names a rule that there is not. */
  | "UNKNOWN_RULE"
  /** Fewer people may decide than have to agree. */
  | "UNREACHABLE_QUORUM";

const BRAND = Symbol.for("holdpoint.ApprovalError");

/**
 * Tells what an approval policy refused and how to mend it.
 *
 * `code` is stable; `details` carries the facts that a program needs: `interruptId`, `rule`, `approvers` (who may decide), `votes` (what was
 * voted so far), `expiresAt`, as far as they apply. When it is thrown, nothing was recorded, but for EXPIRED: then the rule's own answer was.
 */
export class ApprovalError extends Error {
  readonly code: ApprovalErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ApprovalErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = "ApprovalError";
    this.code = code;
    this.details = details;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Tells whether a value is an ApprovalError, of this code if one is given; holds across duplicate installs. */
  static is(error: unknown, code?: ApprovalErrorCode): error is ApprovalError {
    if (!isBranded(error, BRAND)) return false;
    return code === undefined || (error as unknown as ApprovalError).code === code;
  }
}

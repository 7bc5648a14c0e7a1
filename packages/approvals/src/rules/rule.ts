import type { AskedQuestion } from "@holdpoint/core";

/** Who answers: `new Command({ resume, by: { id: "ann", roles: ["finance"] } })`. A text alone is the id. */
export interface Decider {
  readonly id: string;
  readonly roles?: readonly string[];
  readonly [key: string]: unknown;
}

/** A question with one of the actions that it shows; a question that shows no action has none. */
export interface RuledQuestion extends AskedQuestion {
  readonly action: string | undefined;
}

/**
 * Who may decide: these ids; whoever has one of these roles; those whom the question's terms name (`interrupt(value, { terms: { assignees } })`);
 * whoever the function says; or anyone.
 */
export type Approvers =
  | readonly string[]
  | { readonly role: string | readonly string[] }
  | "assignees"
  | "anyone"
  | ((by: Decider, question: AskedQuestion) => boolean | Promise<boolean>);

/** How many have to agree. A number is that of the approvals; one rejection rejects. */
export type Quorum = number | { readonly approvals: number; readonly rejections?: number };

/**
 * What happens when the time is over. `"deny"`: the question is answered with a denial. `{ answer }`: with this. `{ escalate }`: others are
 * asked in place of those who did not decide. `"remind"`: `notify` is called and the time starts anew; an answer is never late.
 */
export type OnExpiry = "deny" | "remind" | { readonly answer: unknown } | { readonly escalate: Escalation };

interface Deadline {
  /** Milliseconds for an answer. Default: no deadline, but for the one that a question's own terms give. */
  readonly expiresIn?: number;
  /** Milliseconds before the deadline when `notify` is called, by `sweepExpired`. */
  readonly remindBefore?: number;
  /** Default "deny". */
  readonly onExpiry?: OnExpiry;
}

/** Who is asked next. Votes of people who may decide here too still count. */
export interface Escalation extends Deadline {
  readonly to: Approvers;
  /** Default 1. */
  readonly quorum?: Quorum;
}

/** Which questions a rule is for: those that fit everything that is said here. */
export interface Match {
  /** Name of a tool, as Agent Inbox's and Agent Chat UI's formats show it. */
  readonly action?: string | readonly string[];
  /** Node that asks. */
  readonly node?: string | readonly string[];
  /** Name of the outermost graph. */
  readonly graph?: string | readonly string[];
}

/** Who decides a sort of question, how many of them, and until when. */
export interface Rule extends Deadline {
  /** Kept in the question's terms, so that it is looked up again when somebody answers. */
  readonly name: string;
  /**
   * Which questions it is for; the first rule that fits counts. `"named"`: only those that name it, `interrupt(value, { terms: { rule } })`.
   * Left out: every question; no rule can follow such a one.
   */
  readonly when?: Match | "named" | ((question: RuledQuestion) => boolean);
  readonly approvers: Approvers;
  /** Default 1. */
  readonly quorum?: Quorum;
  /** The requester cannot answer. Default false. */
  readonly separateDuties?: boolean;
  /** Tells rejections from other answers. Default: `false`, "reject", and those of the known formats (`ignore`, `reject`). */
  readonly rejects?: (answer: unknown) => boolean;
  /** The answer with which a question is denied. Default: that of the question's format; `false` where it has none that is known. */
  readonly denial?: unknown;
}

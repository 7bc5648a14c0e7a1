import type { InterruptTerms, JournalEntry } from "@holdpoint/checkpoint";
import type { GraphConfig } from "./graph-config.js";
import type { Interrupt } from "./interrupt-types.js";

/** A question, with where it was asked. */
export interface AskedQuestion {
  readonly interrupt: Interrupt;
  readonly threadId: string;
  /** Name of the outermost graph. */
  readonly graph: string;
  /** Name of the node that asked, of the innermost graph. */
  readonly node: string;
  /** Who gave the input that led to the question, as the gate's `requester` said then; whoever resumes the thread changes nothing of it. */
  readonly requester: unknown;
}

/** An answer before it is recorded. */
export interface ProposedAnswer extends AskedQuestion {
  readonly value: unknown;
  /** Who answers, as `Command({ resume, by })` says. */
  readonly by: unknown;
  readonly reason: string | undefined;
  /** ISO 8601. */
  readonly at: string;
  /** Reads the thread's journal so far, oldest first; undefined where the saver keeps none, so that no vote would be found again. */
  readonly journal: (() => AsyncIterableIterator<JournalEntry>) | undefined;
}

/** `accept`: the answer is recorded and counts. `hold`: it is journaled as a vote, and the question goes on waiting. To refuse, throw. */
export type Verdict = { readonly kind: "accept" } | { readonly kind: "hold"; readonly note?: unknown };

/** What a gate does to a question by itself, when its time has come. */
export type Ruling =
  /** Answers it in nobody's name. A person who answers it now is refused with `refusal`, after the graph went on with this answer. */
  | { readonly kind: "answer"; readonly value: unknown; readonly by: unknown; readonly reason: string; readonly refusal: Error }
  /** Changes its terms: another deadline, other assignees. It goes on waiting; `note` is journaled with the new terms. */
  | { readonly kind: "terms"; readonly terms: InterruptTerms; readonly note?: unknown };

/** What made a thread ask its gate what is due: an answer or `invoke(null)`, or `settleDue`. */
export type DueTouch = "run" | "sweep";

/**
 * All that the engine knows of approval policies. `@holdpoint/approvals` makes one with approvers, quorum and deadlines; without one,
 * every answer counts and nothing is journaled.
 */
export interface DecisionGate {
  /** Says who is asked and until when, once for each question. `terms` that the call gave are in `question.interrupt.terms`. */
  readonly terms?: (question: AskedQuestion) => InterruptTerms | undefined;
  /** Names who gives an input, from the config of the run that takes it; kept in the metadata of its checkpoints. */
  readonly requester?: (config: GraphConfig) => unknown;
  /** Says what is due of a question. Asked of each that waits whenever its thread is run on, before answers are judged. */
  readonly due?: (question: AskedQuestion, touch: DueTouch) => Ruling | undefined | Promise<Ruling | undefined>;
  /** Judges an answer before anything is recorded. */
  readonly judge?: (answer: ProposedAnswer) => Verdict | Promise<Verdict>;
  /** Keeps a journal of what was asked, voted, decided and run, for `getDecisions`. Needs a saver that can. Default true. */
  readonly journal?: boolean;
}

/** Says before anything is recorded whether an answer may be given: `false` or a throw refuses it. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook that returns nothing allows
export type Authorize = (answer: ProposedAnswer) => boolean | void | Promise<boolean | void>;

/** What happens when a paused node's code is not the code that asked: it goes on with a warning, is refused, or is looked at by a function that may throw. */
export type OnCodeChange = "warn" | "refuse" | "allow" | ((change: CodeChange) => void | Promise<void>);

export interface CodeChange {
  readonly threadId: string | undefined;
  readonly node: string;
  /** Fingerprints of the node's code at the pause, and now. */
  readonly before: string;
  readonly now: string;
}

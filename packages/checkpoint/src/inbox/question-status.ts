import type { Decision } from "../types.js";
import type { InboxItem } from "./inbox-types.js";

/** What decides the status of a question. */
export interface QuestionFacts {
  /** The decision that stands, if there is one. */
  readonly decision: Decision | undefined;
  /** Whether the task that asked it asks it still: it is in the newest list of the task, and the task has not finished. */
  readonly isAsked: boolean;
  /** Whether the thread has a later checkpoint than the one beside which the question stands. */
  readonly isPassed: boolean;
}

/** Tells the status of a question: it follows from what is saved, whatever the order in which that came. */
export function questionStatus({ decision, isAsked, isPassed }: QuestionFacts): InboxItem["status"] {
  if (decision !== undefined && decision.refused === undefined) return "decided";
  return isAsked && !isPassed ? "pending" : "closed";
}

import type { AskedQuestion } from "@holdpoint/core";
import type { ApprovalTerms } from "./question-terms.js";

/**
 * What became of a question without anybody's doing: its deadline is near, or begins anew (`reminded`); others are asked now (`escalated`);
 * it is answered by its rule (`expired`). Given before it is saved, at least once: after a crash, a second time.
 */
export interface Notification {
  readonly kind: "reminded" | "escalated" | "expired";
  readonly question: AskedQuestion;
  /** Terms from now on: who is asked, and until when. */
  readonly terms: ApprovalTerms;
  /** The answer, of a question that expired. */
  readonly answer?: unknown;
}

export type Notify = (notification: Notification) => void | Promise<void>;

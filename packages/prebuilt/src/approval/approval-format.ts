import type { Checked, Reply } from "./decide.js";
import type { Choice, ReviewRequest } from "./review-request.js";

/**
 * How a waiting call is shown to a person: `"agent-inbox"` as Agent Inbox's list of one `HumanInterrupt`, `"agent-chat"` as the
 * `HITLRequest` of Agent Chat UI and LangChain. Replies are understood in both, whichever was shown.
 */
export type ApprovalFormat = "agent-inbox" | "agent-chat";

/** One wire format: shows the record, and reads what comes back into a reply. Both are pure. */
export interface WireFormat {
  /** What may be done where the gate says nothing. */
  readonly allowedByDefault: readonly Choice[];
  /** The format's word for a choice. */
  says(choice: Choice): string;
  /** What `interrupt` shows. */
  show(request: ReviewRequest): unknown;
  /** Reads an answer; whatever is not of this form is refused. */
  read(request: ReviewRequest, answer: unknown): Checked<Reply>;
  /** JSON Schema of the answers, for a client that draws a form. */
  describe(request: ReviewRequest): Record<string, unknown>;
}

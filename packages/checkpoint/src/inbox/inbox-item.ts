import { CheckpointError } from "../checkpoint-error.js";
import type { InboxItem } from "./inbox-types.js";
import type { ShownQuestion } from "./read-questions.js";

/** A question as an index keeps it. */
export interface IndexedQuestion {
  readonly id: string;
  readonly threadId: string;
  /** Undefined where the index holds none that is known. */
  readonly status: InboxItem["status"] | undefined;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly graph: string | undefined;
}

/** Puts together what an inbox shows. @throws CheckpointError CORRUPT_DATA if the index holds no time or no status */
export function inboxItem({ id, threadId, status, at, graph }: IndexedQuestion, shown: ShownQuestion): InboxItem {
  const time = new Date(typeof at === "number" ? at : Number.NaN);
  if (status === undefined || Number.isNaN(time.getTime())) {
    throw new CheckpointError("CORRUPT_DATA", "Saved data is damaged: a question in the inbox has no status, or no time.");
  }
  return { id, threadId, status, ...shown, ...(graph === undefined ? undefined : { graph }), at: time.toISOString() };
}

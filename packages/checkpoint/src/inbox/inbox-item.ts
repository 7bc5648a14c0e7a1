import type { InboxItem } from "../types.js";
import type { ShownQuestion } from "./read-questions.js";

/** A question as an index keeps it. */
export interface IndexedQuestion {
  readonly id: string;
  readonly threadId: string;
  readonly status: InboxItem["status"];
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly graph: string | undefined;
}

/** Puts together what an inbox shows. */
export function inboxItem({ id, threadId, status, at, graph }: IndexedQuestion, shown: ShownQuestion): InboxItem {
  return { id, threadId, status, ...shown, ...(graph === undefined ? undefined : { graph }), at: new Date(at).toISOString() };
}

/** A question as an inbox shows it. */
export interface InboxItem {
  readonly id: string;
  readonly threadId: string;
  /** `pending`: waits for an answer. `decided`: answered. `closed`: the thread went on without an answer (a new input, an update of the state). */
  readonly status: "pending" | "decided" | "closed";
  readonly value: unknown;
  /** Where it was asked, `node:task-id` from the outermost graph inwards. */
  readonly ns: readonly string[];
  /** Name of the graph, where the question carries it. */
  readonly graph?: string;
  /** When it was first asked, ISO 8601. */
  readonly at?: string;
  /** JSON Schema of the answers that fit. */
  readonly schema?: unknown;
  /** Why the last answer was refused. */
  readonly issues?: readonly { readonly message: string; readonly path?: readonly (string | number)[] }[];
  /** What an approval policy says of it; `expiresAt` (ISO 8601) and `assignees` are indexed. */
  readonly terms?: InterruptTerms;
}

export interface InterruptTerms {
  readonly expiresAt?: string;
  readonly assignees?: readonly string[];
  readonly [key: string]: unknown;
}

export interface InterruptQuery {
  /** Default "pending". */
  readonly status?: InboxItem["status"] | "any";
  readonly threadId?: string;
  readonly graph?: string;
  /** Only questions whose terms name this assignee, or name none. */
  readonly assignee?: string;
  /** Only questions whose `terms.expiresAt` is before this time, ISO 8601. */
  readonly expiresBefore?: string;
  /** `next` of the page that came before: goes on behind it, in either order. */
  readonly before?: string;
  /** Items a page. Default 100, at most 1,000. */
  readonly limit?: number;
  /** Default "newest" first. */
  readonly order?: "newest" | "oldest";
}

export interface InterruptPage {
  readonly items: readonly InboxItem[];
  /** Set where there are more. */
  readonly next?: string;
}

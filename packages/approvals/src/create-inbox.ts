import type { CheckpointSaver, InboxItem, InterruptQuery, JournalEntry } from "@holdpoint/checkpoint";
import { ApprovalError } from "./approval-error.js";
import type { ApprovalTerms } from "./deadlines/question-terms.js";
import { checkFunction, checkSaver, readOptions } from "./read-options.js";
import { readVotes, type Vote } from "./votes/read-votes.js";

/** A question as an inbox shows it, with what its policy says. */
export interface InboxEntry extends InboxItem {
  readonly terms?: ApprovalTerms;
  /** Milliseconds since it was first asked. */
  readonly age: number | undefined;
  /** Milliseconds until its deadline; below 0 where that has passed and nobody touched the thread since. */
  readonly timeLeft: number | undefined;
  /** Votes so far, in the round that stands. */
  readonly votes: readonly Vote[];
}

export interface InboxPage {
  readonly entries: readonly InboxEntry[];
  /** `before` of the next page, where there is one. */
  readonly next?: string;
}

export interface Inbox {
  /** Reads one page over all threads. Takes time by the page, and by the journals of its threads where votes are counted. */
  list(query?: InterruptQuery): Promise<InboxPage>;
  /** Reads everything that the query finds, page by page. */
  all(query?: Omit<InterruptQuery, "before">): AsyncIterableIterator<InboxEntry>;
}

export interface InboxOptions {
  /** The clock. Default: the system's. */
  readonly now?: () => Date;
}

/**
 * Makes an inbox of everything that waits for somebody, over all threads and graphs that share the saver. Needs no server and no graph.
 * @throws ApprovalError MISSING_CAPABILITY, INVALID_OPTIONS
 * @example
 * ```ts
 * import { createInbox } from "@holdpoint/approvals";
 * import { MemorySaver } from "@holdpoint/core";
 * const inbox = createInbox(new MemorySaver());
 * for (const { threadId, value, timeLeft } of (await inbox.list({ assignee: "ann", order: "oldest" })).entries) {
 *   console.log(threadId, value, timeLeft);
 * }
 * ```
 */
export function createInbox(saver: CheckpointSaver, options?: InboxOptions): Inbox {
  const { now = () => new Date() } = readOptions("createInbox()", options, ["now"]);
  checkFunction("now of createInbox()", now);
  checkSaver("createInbox()", saver);
  if (saver.listInterrupts === undefined) {
    throw new ApprovalError(
      "MISSING_CAPABILITY",
      "createInbox() needs a saver that has listInterrupts, such as SqliteSaver or MemorySaver.",
    );
  }
  const list = async (query: InterruptQuery = {}): Promise<InboxPage> => {
    const { items = [], next } = (await saver.listInterrupts?.(query)) ?? {};
    const votes = await votesOf(saver, items);
    const time = now().getTime();
    const entries = items.map((item) => ({ ...item, ...times(item, time), votes: votes.get(item) ?? [] }));
    return { entries, ...(next === undefined ? {} : { next }) };
  };
  const all = async function* (query: Omit<InterruptQuery, "before"> = {}): AsyncIterableIterator<InboxEntry> {
    for (let cursor: string | undefined; ; ) {
      const { entries, next } = await list({ ...query, ...(cursor === undefined ? {} : { before: cursor }) });
      yield* entries;
      if (next === undefined) return;
      cursor = next;
    }
  };
  return { list, all };
}

function times({ at, terms }: InboxItem, now: number): Pick<InboxEntry, "age" | "timeLeft"> {
  return {
    age: at === undefined ? undefined : now - Date.parse(at),
    timeLeft: terms?.expiresAt === undefined ? undefined : Date.parse(terms.expiresAt) - now,
  };
}

/** Votes are in the journal: it is read once for each thread of the page, and only where votes are counted. */
async function votesOf(saver: CheckpointSaver, items: readonly InboxItem[]): Promise<Map<InboxItem, readonly Vote[]>> {
  const journals = new Map<string, JournalEntry[]>();
  const votes = new Map<InboxItem, readonly Vote[]>();
  for (const item of items) {
    if (item.status !== "pending" || item.terms?.quorum === undefined || saver.readJournal === undefined) continue;
    let journal = journals.get(item.threadId);
    if (journal === undefined) {
      journal = [];
      for await (const entry of saver.readJournal({ threadId: item.threadId })) if (ROUND.has(entry.kind)) journal.push(entry);
      journals.set(item.threadId, journal);
    }
    votes.set(item, await readVotes(journal, item.id));
  }
  return votes;
}

const ROUND = new Set(["voted", "decided", "refused"]);

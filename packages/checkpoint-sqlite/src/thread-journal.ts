import { chainEntries, type EncodedDraft, type JournalEntry, journalEntry, type Serializer } from "@holdpoint/checkpoint";
import type { Connection } from "./connection.js";
import { fromKeyText, toKeyText } from "./key-text.js";
import { SQL } from "./statements.js";

type EntryRow = Omit<JournalEntry, "data" | "threadId"> & { readonly thread: string };

/** Rows are read in pages, so that no read transaction stays open while the caller works. */
const PAGE = 200;

/** The journals of all threads. */
export class ThreadJournal {
  constructor(
    private readonly connection: Connection,
    private readonly serializer: Serializer,
  ) {}

  /** Appends within the caller's write transaction: of two processes, one comes after the other. */
  append(threadId: string, drafts: readonly EncodedDraft[]): JournalEntry[] {
    if (drafts.length === 0) return [];
    const thread = toKeyText(threadId);
    const last = this.connection.get<{ seq: number; hash: string }>(SQL.lastEntry, thread);
    return chainEntries(threadId, drafts, last).map((entry) => {
      const { seq, at, kind, previous, hash, stored } = entry;
      const { lastId } = this.connection.run(SQL.addEntry, thread, seq, toKeyText(at), toKeyText(kind), previous, hash, stored);
      return journalEntry(this.serializer, lastId, entry);
    });
  }

  *read(threadId: string | undefined, after = 0, limit = Number.POSITIVE_INFINITY): Generator<JournalEntry> {
    const thread = threadId === undefined ? undefined : toKeyText(threadId);
    for (let [last, left] = [after, limit]; left > 0; ) {
      const size = Math.min(PAGE, left);
      const rows = this.#page(thread, last, size);
      for (const row of rows) yield this.#entry(row);
      if (rows.length < size) return;
      last = rows.at(-1)!.position;
      left -= rows.length;
    }
  }

  #page(thread: string | undefined, after: number, size: number): EntryRow[] {
    return thread === undefined
      ? this.connection.all<EntryRow>(SQL.readJournal, after, size)
      : this.connection.all<EntryRow>(SQL.readThreadJournal, thread, after, size);
  }

  #entry({ position, thread, at, kind, ...row }: EntryRow): JournalEntry {
    const chained = { ...row, threadId: fromKeyText(thread), at: fromKeyText(at), kind: fromKeyText(kind) };
    return journalEntry(this.serializer, position, chained);
  }
}

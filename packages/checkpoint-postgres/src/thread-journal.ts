import {
  chainEntries,
  type EncodedDraft,
  fromKeyText,
  type JournalEntry,
  journalEntry,
  type Serializer,
  toKeyText,
} from "@holdpoint/checkpoint";
import type { Session } from "./connection.js";
import { columnsOf } from "./put-writes.js";
import { SQL } from "./statements.js";
import { fromStored, type StoredData } from "./stored-data.js";
import type { Turns } from "./turn.js";

type EntryRow = Omit<JournalEntry, "data" | "stored" | "threadId"> & StoredData & { readonly thread: string };

/** Rows are read in pages, so that no more than these are in memory. */
const PAGE = 200;

/** The journals of all threads. */
export class ThreadJournal {
  constructor(
    private readonly serializer: Serializer,
    private readonly turns: Turns,
  ) {}

  /** Appends within the caller's transaction, as the last thing that it waits for: of two processes, one comes after the other. */
  async append(session: Session, threadId: string, drafts: readonly EncodedDraft[]): Promise<JournalEntry[]> {
    if (drafts.length === 0) return [];
    const thread = toKeyText(threadId);
    await this.turns.enterJournal(session);
    const last = await session.get<{ seq: number; hash: string }>(SQL.lastEntry, thread);
    const entries = chainEntries(threadId, drafts, last);
    const column = <T>(of: (entry: (typeof entries)[number]) => T) => entries.map(of);
    const rows = await session.all<{ position: number; seq: number }>(
      SQL.addEntries,
      thread,
      ...[column(({ seq }) => seq), column(({ at }) => toKeyText(at)), column(({ kind }) => toKeyText(kind))],
      ...[column(({ previous }) => previous), column(({ hash }) => hash)],
      ...columnsOf(column(({ stored }) => stored)),
    );
    const positions = new Map(rows.map(({ seq, position }) => [seq, position]));
    return entries.map((entry) => journalEntry(this.serializer, positions.get(entry.seq)!, entry));
  }

  async *read(session: Session, threadId: string | undefined, after = 0, limit = Number.POSITIVE_INFINITY): AsyncGenerator<JournalEntry> {
    const thread = threadId === undefined ? undefined : toKeyText(threadId);
    for (let [last, left] = [after, limit]; left > 0; ) {
      const size = Math.min(PAGE, left);
      const rows = await page(session, thread, last, size);
      for (const row of rows) yield this.#entry(row);
      if (rows.length < size) return;
      last = rows.at(-1)!.position;
      left -= rows.length;
    }
  }

  #entry({ position, thread, at, kind, data, bytes, ...row }: EntryRow): JournalEntry {
    const stored = fromStored({ data, bytes });
    const chained = { ...row, stored, threadId: fromKeyText(thread), at: fromKeyText(at), kind: fromKeyText(kind) };
    return journalEntry(this.serializer, position, chained);
  }
}

function page(session: Session, thread: string | undefined, after: number, size: number): Promise<EntryRow[]> {
  return thread === undefined
    ? session.all<EntryRow>(SQL.readJournal, after, size)
    : session.all<EntryRow>(SQL.readThreadJournal, thread, after, size);
}

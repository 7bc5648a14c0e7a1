/** What is to be journaled. */
export interface JournalDraft {
  /** ISO 8601. */
  readonly at: string;
  readonly kind: string;
  readonly data: unknown;
}

/** One entry of a thread's journal. */
export interface JournalEntry extends JournalDraft {
  /** Grows over the whole storage; for `after`. */
  readonly position: number;
  readonly threadId: string;
  /** 0 for the thread's first entry, then without a gap. */
  readonly seq: number;
  /** The data as the serializer wrote it: what the hash is made of. */
  readonly stored: string | Uint8Array;
  /** Hash of the entry before it; "" for the first. */
  readonly previous: string;
  /** SHA-256, in hexadecimal, of `previous`, thread, seq, time, kind and `stored`; see `verifyJournal`. */
  readonly hash: string;
}

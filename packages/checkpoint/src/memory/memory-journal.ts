import { type ChainedEntry, chainEntries, type EncodedDraft, journalEntry } from "../journal/chain-entries.js";
import type { JournalEntry } from "../journal/journal-types.js";
import type { Serializer } from "../serde/serializer.js";

interface Placed {
  readonly position: number;
  readonly entry: ChainedEntry;
}

/** Entries of all threads, in the order in which they were appended. */
export class MemoryJournal {
  readonly #entries: Placed[] = [];
  readonly #threads = new Map<string, Placed[]>();

  constructor(private readonly serializer: Serializer) {}

  append(threadId: string, drafts: readonly EncodedDraft[]): JournalEntry[] {
    if (drafts.length === 0) return [];
    const entries = this.#threads.get(threadId) ?? [];
    this.#threads.set(threadId, entries);
    const placed = chainEntries(threadId, drafts, entries.at(-1)?.entry).map((entry) => {
      const one = { position: this.#entries.length + 1, entry };
      this.#entries.push(one);
      entries.push(one);
      return one;
    });
    return placed.map(({ position, entry }) => journalEntry(this.serializer, position, entry));
  }

  *read(threadId: string | undefined, after = 0, limit = Number.POSITIVE_INFINITY): Generator<JournalEntry> {
    const entries = threadId === undefined ? this.#entries : (this.#threads.get(threadId) ?? []);
    const first = firstAfter(after, entries);
    // The list may grow meanwhile.
    for (let at = first; at < entries.length && at - first < limit; at++) {
      const { position, entry } = entries[at]!;
      yield journalEntry(this.serializer, position, entry);
    }
  }
}

function firstAfter(position: number, entries: readonly Placed[]): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (entries[middle]!.position <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}

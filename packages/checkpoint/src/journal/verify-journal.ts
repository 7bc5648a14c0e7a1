import { isDeepStrictEqual } from "../node-util.js";
import { journalPlace } from "../record/data-places.js";
import { createSerializer } from "../serde/create-serializer.js";
import type { Serializer } from "../serde/serializer.js";
import { journalHash } from "./journal-hash.js";
import type { JournalEntry } from "./journal-types.js";

export interface VerifyJournalOptions {
  /** Hash of an entry that was in the journal once, kept elsewhere: it must be there still. Without one, an end that was cut off is not seen. */
  readonly head?: string;
  /** The serializer of the saver, where it is not the default one: `data` is compared with what it reads from `stored`. */
  readonly serializer?: Serializer;
}

export interface IntactJournal {
  readonly kind: "intact";
  readonly entries: number;
  /** Hash of the last entry; "" if there is none. Kept elsewhere, it proves later that nothing up to here was cut off. */
  readonly head: string;
  /** The same for each thread, where the entries are of many. */
  readonly heads: ReadonlyMap<string, string>;
}

export interface BrokenJournal {
  readonly kind: "broken";
  /** Position of the first entry that does not fit; undefined where the end is missing. */
  readonly position: number | undefined;
  /** Undefined where the end is missing and there is no entry at all. */
  readonly threadId: string | undefined;
  /** Number of that entry in its thread; where entries are missing, of the first of these. */
  readonly seq: number;
  /**
   * `changed`: the entry is not what its hash was made of. `missing`: entries before it, or the known head, are not there. `reordered`: entries
   * stand in another order. `unlinked`: the entry is not chained to the one before it: one of the two was replaced as a whole.
   */
  readonly reason: "changed" | "missing" | "reordered" | "unlinked";
}

export type JournalVerdict = IntactJournal | BrokenJournal;

interface Link {
  readonly seq: number;
  readonly hash: string;
}

/**
 * Verifies the chain of a journal from its first entry on: of one thread, or of many at once. Finds an entry that was changed, one that is missing
 * from the beginning or the middle, and a changed order. What it cannot see without `head`: that the end was cut off, or that everything from
 * some entry on was written anew with hashes that fit.
 *
 * @example
 * const verdict = await verifyJournal(saver.readJournal({ threadId: "t" }), { head: keptElsewhere });
 * if (verdict.kind === "broken") console.log(`entry ${verdict.seq} of ${verdict.threadId}: ${verdict.reason}`);
 */
export async function verifyJournal(
  entries: Iterable<JournalEntry> | AsyncIterable<JournalEntry>,
  { head, serializer = createSerializer() }: VerifyJournalOptions = {},
): Promise<JournalVerdict> {
  const links = new Map<string, Link>();
  let [count, latest, headSeen] = [0, undefined as JournalEntry | undefined, head === undefined || head === ""];
  let gap: BrokenJournal | undefined;
  for await (const entry of entries) {
    if (gap !== undefined) {
      // What seems to be missing may come later.
      if (entry.threadId === gap.threadId && entry.seq === gap.seq) return { ...gap, reason: "reordered" };
      continue;
    }
    const broken = checkEntry(entry, links.get(entry.threadId), latest, serializer);
    if (broken !== undefined && broken.reason !== "missing") return broken;
    gap = broken;
    links.set(entry.threadId, { seq: entry.seq, hash: entry.hash });
    [count, latest, headSeen] = [count + 1, entry, headSeen || entry.hash === head];
  }
  if (gap !== undefined) return gap;
  if (!headSeen)
    return { kind: "broken", position: undefined, threadId: latest?.threadId, seq: (latest?.seq ?? -1) + 1, reason: "missing" };
  return { kind: "intact", entries: count, head: latest?.hash ?? "", heads: new Map(Array.from(links, ([id, { hash }]) => [id, hash])) };
}

function checkEntry(
  entry: JournalEntry,
  before: Link | undefined,
  latest: JournalEntry | undefined,
  serializer: Serializer,
): BrokenJournal | undefined {
  const { threadId, seq, position } = entry;
  const expected = (before?.seq ?? -1) + 1;
  const broken = (reason: BrokenJournal["reason"], at = seq): BrokenJournal => ({ kind: "broken", position, threadId, seq: at, reason });
  if (!isUnchanged(entry, serializer)) return broken("changed");
  if (seq > expected) return broken("missing", expected);
  if (seq < expected || (latest !== undefined && position <= latest.position)) return broken("reordered");
  return entry.previous === (before?.hash ?? "") ? undefined : broken("unlinked");
}

function isUnchanged(entry: JournalEntry, serializer: Serializer): boolean {
  // A damaged storage may hold anything.
  const { stored, seq } = entry;
  if ((typeof stored !== "string" && !(stored instanceof Uint8Array)) || !Number.isSafeInteger(seq)) return false;
  if (journalHash(entry) !== entry.hash) return false;
  try {
    return isReadFrom(entry, serializer);
  } catch {
    return false;
  }
}

/** The hash is of `stored`; what people look at is `data`, which someone may have changed on its way here. */
function isReadFrom({ threadId, at, kind, stored, data }: JournalEntry, serializer: Serializer): boolean {
  const place = journalPlace(threadId, at, kind);
  const read = serializer.loads(stored, place);
  // Instances of registered types may hold what is never equal (functions of their own), and be written alike.
  const writer = serializer.inner ?? serializer;
  return isDeepStrictEqual(read, data) || isEqualText(writer.dumps(read, place), writer.dumps(data, place));
}

function isEqualText(a: string | Uint8Array, b: string | Uint8Array): boolean {
  return Buffer.from(a as string).equals(Buffer.from(b as string));
}

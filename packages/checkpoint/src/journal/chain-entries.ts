import { CheckpointError } from "../checkpoint-error.js";
import { journalPlace } from "../record/data-places.js";
import { placed } from "../record/in-place.js";
import { requireThreadId } from "../record/thread-point.js";
import type { Serializer } from "../serde/serializer.js";
import { journalHash } from "./journal-hash.js";
import type { JournalDraft, JournalEntry } from "./journal-types.js";

/** A draft whose data is encoded. */
export type EncodedDraft = Pick<JournalEntry, "at" | "kind" | "stored">;
/** An entry as it is stored, but for its position. */
export type ChainedEntry = Omit<JournalEntry, "position" | "data">;

/** @throws CheckpointError UNSERIALIZABLE with the path of what cannot be saved, INVALID_ARGUMENT if a draft is none. */
export function encodeDrafts(serializer: Serializer, threadId: string, drafts: readonly JournalDraft[]): EncodedDraft[] {
  requireThreadId(threadId);
  if (!Array.isArray(drafts)) throw new CheckpointError("INVALID_ARGUMENT", "A journal takes a list of entries.");
  return (drafts as readonly (JournalDraft | null | undefined)[]).map((draft) => {
    const { at, kind, data } = draft ?? ({} as Partial<JournalDraft>);
    if (typeof at !== "string" || typeof kind !== "string") {
      throw new CheckpointError("INVALID_ARGUMENT", "An entry of a journal needs `at` (ISO 8601) and `kind` as strings.");
    }
    return { at, kind, stored: serializer.dumps(data, journalPlace(threadId, at, kind)) };
  });
}

/** Chains entries to the last one of their thread. @throws CheckpointError CORRUPT_DATA if that one is damaged */
export function chainEntries(
  threadId: string,
  drafts: readonly EncodedDraft[],
  last: { readonly seq: number; readonly hash: string } | undefined,
): ChainedEntry[] {
  let { seq, hash: previous } = last ?? { seq: -1, hash: "" };
  if (!Number.isSafeInteger(seq) || typeof previous !== "string") {
    const message = "The thread's journal is damaged at its end, and cannot be gone on with. Nothing was appended.";
    throw placed(new CheckpointError("CORRUPT_DATA", message), { threadId });
  }
  return drafts.map((draft) => {
    seq += 1;
    const part = { ...draft, threadId, seq, previous };
    previous = journalHash(part);
    return { ...part, hash: previous };
  });
}

/**
 * Makes the entry that readers get. Data that cannot be read (damaged, tampered with) throws CORRUPT_DATA where it is looked at, so that the
 * journal around it can still be read and verified.
 */
export function journalEntry(serializer: Serializer, position: number, chained: ChainedEntry): JournalEntry {
  const { threadId, seq, at, kind, stored, previous, hash } = chained;
  const entry = { position, threadId, seq, at, kind, data: undefined as unknown, stored, previous, hash };
  try {
    entry.data = serializer.loads(stored, journalPlace(threadId, at, kind));
  } catch (cause) {
    const error = placed(cause, { threadId });
    const get = () => {
      throw error;
    };
    Object.defineProperty(entry, "data", { get, enumerable: true });
  }
  return entry;
}

import { type CheckpointSaver, type JournalEntry, type JournalVerdict, type Serializer, verifyJournal } from "@holdpoint/checkpoint";
import { ApprovalError } from "../approval-error.js";
import { checkIterable, checkSaver, readOptions } from "../read-options.js";
import { journalOf } from "./read-audit.js";

export interface VerifyAuditOptions {
  /** One thread only. */
  readonly threadId?: string;
  /**
   * Hashes of the last entries by thread, as an earlier verdict gave them (`heads`) and as they were kept elsewhere. They must be there still:
   * without them, an end that was cut off, and a journal that was written anew as a whole, are not seen.
   */
  readonly heads?: ReadonlyMap<string, string> | Readonly<Record<string, string>>;
  /** The saver's serializer, where it is not the default one. */
  readonly serializer?: Serializer;
}

/**
 * Verifies the audit trail: that no entry was changed, taken out or moved, in any thread.
 * @param source a saver, or the entries of an export (`readExport`)
 * @returns `intact` with the `heads` to keep elsewhere, or `broken` with the first place that does not fit
 * @throws ApprovalError MISSING_CAPABILITY, INVALID_OPTIONS
 */
export async function verifyAudit(
  source: CheckpointSaver | AsyncIterable<JournalEntry> | Iterable<JournalEntry>,
  options?: VerifyAuditOptions,
): Promise<JournalVerdict> {
  const { threadId, heads = {}, serializer } = readOptions("verifyAudit()", options, ["threadId", "heads", "serializer"]);
  if (typeof source !== "object" || source === null) checkSaver("verifyAudit()", source);
  const all = heads instanceof Map ? (heads as ReadonlyMap<string, string>) : new Map(Object.entries(heads));
  const missing = new Map([...all].filter(([thread, hash]) => hash !== "" && (threadId === undefined || thread === threadId)));
  if (!("getTuple" in source)) checkIterable("verifyAudit()", source);
  const entries = "getTuple" in source ? journalOf(source, { threadId }) : source;
  const counts = new Map<string, number>();
  const watched = async function* () {
    for await (const entry of entries) {
      if (typeof entry !== "object" || entry === null)
        throw new ApprovalError("INVALID_OPTIONS", "verifyAudit() was given something that is no entry of an audit trail.");
      counts.set(entry.threadId, entry.seq + 1);
      if (missing.get(entry.threadId) === entry.hash) missing.delete(entry.threadId);
      yield entry;
    }
  };
  const verdict = await verifyJournal(watched(), serializer === undefined ? {} : { serializer });
  const [lost] = missing.keys();
  if (verdict.kind === "broken" || lost === undefined) return verdict;
  return { kind: "broken", position: undefined, threadId: lost, seq: counts.get(lost) ?? 0, reason: "missing" };
}

import { arrangeRecords, CheckpointError, type ThreadRecord } from "@holdpoint/checkpoint";
import type { Storage } from "../storage/open-storage.js";
import { isEmptyThread } from "../storage/thread-ids.js";

export interface ImportOptions {
  /** Whether a thread that has something saved already is passed over; otherwise it is a failure. */
  readonly skipExisting: boolean;
  /** Whether everything is checked and nothing saved. */
  readonly dryRun: boolean;
}

/** What became of a thread. */
export type ImportOutcome =
  | { readonly kind: "imported"; readonly checkpoints: number; readonly writes: number }
  | { readonly kind: "skipped" }
  | { readonly kind: "failed"; readonly error: CheckpointError };

/** Puts the records of a thread into a storage, all of them or none. Other errors than the storage's go on to the caller. */
export async function importThread(
  saver: Storage,
  threadId: string,
  records: AsyncIterable<ThreadRecord>,
  { skipExisting, dryRun }: ImportOptions,
): Promise<ImportOutcome> {
  try {
    if (!(await isEmptyThread(saver, threadId))) {
      if (skipExisting) return { kind: "skipped" };
      throw new CheckpointError("INVALID_ARGUMENT", `The thread has something saved already. Delete it, or pass --skip-existing.`);
    }
    const counts = { checkpoints: 0, writes: 0 };
    const counted = countRecords(records, counts);
    if (dryRun) await arrangeRecords(counted);
    else await saver.importThread(threadId, counted);
    return { kind: "imported", ...counts };
  } catch (error) {
    if (CheckpointError.is(error)) return { kind: "failed", error };
    throw error;
  }
}

async function* countRecords(
  records: AsyncIterable<ThreadRecord>,
  counts: { checkpoints: number; writes: number },
): AsyncGenerator<ThreadRecord> {
  for await (const record of records) {
    counts[record.kind === "checkpoint" ? "checkpoints" : "writes"] += 1;
    yield record;
  }
}

import { arrangeRecords, CheckpointError, type ThreadRecord, verifyJournal } from "@holdpoint/checkpoint";
import type { OpenedStorage, Storage } from "../storage/open-storage.js";

/** Something that is broken. Its message holds ids, and no values. */
export interface Finding {
  readonly threadId: string;
  readonly part: "records" | "checkpoints" | "inbox" | "journal";
  readonly code: string;
  readonly message: string;
}

/** What was read. */
export interface ReadCounts {
  checkpoints: number;
  writes: number;
  entries: number;
}

/** Reads everything of a thread. What is broken in one part does not keep the others from being read. */
export async function verifyThread({ saver, serializer }: OpenedStorage, threadId: string, counts: ReadCounts): Promise<Finding[]> {
  const findings: Finding[] = [];
  const look = async (part: Finding["part"], read: () => Promise<void>) => {
    try {
      await read();
    } catch (error) {
      if (!CheckpointError.is(error) || error.code.startsWith("STORAGE_")) throw error;
      findings.push({ threadId, part, code: error.code, message: error.message });
    }
  };
  await look("records", () => readRecords(saver, threadId, counts));
  await look("checkpoints", () => readCheckpoints(saver, threadId));
  await look("inbox", () => readInbox(saver, threadId));
  await look("journal", async () => {
    const verdict = await verifyJournal(counted(saver, threadId, counts), { serializer });
    if (verdict.kind === "intact") return;
    const { seq, reason } = verdict;
    findings.push({ threadId, part: "journal", code: "BROKEN_JOURNAL", message: `entry ${seq} is ${reason}` });
  });
  return findings;
}

/** Each stored row, and that they fit together. */
async function readRecords(saver: Storage, threadId: string, counts: ReadCounts): Promise<void> {
  await arrangeRecords(
    (async function* (): AsyncGenerator<ThreadRecord> {
      for await (const record of saver.exportThread(threadId)) {
        counts[record.kind === "checkpoint" ? "checkpoints" : "writes"] += 1;
        yield record;
      }
    })(),
  );
}

/** Each checkpoint, put together from what it is stored as, with what stands beside it. */
async function readCheckpoints(saver: Storage, threadId: string): Promise<void> {
  for await (const _ of saver.list({ configurable: { thread_id: threadId } }));
}

async function readInbox(saver: Storage, threadId: string): Promise<void> {
  let before: string | undefined;
  do {
    ({ next: before } = await saver.listInterrupts({ threadId, status: "any", limit: 1000, before }));
  } while (before !== undefined);
}

async function* counted(saver: Storage, threadId: string, counts: ReadCounts) {
  for await (const entry of saver.readJournal({ threadId })) {
    counts.entries += 1;
    yield entry;
  }
}

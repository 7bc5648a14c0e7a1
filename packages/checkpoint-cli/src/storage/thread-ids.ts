import type { CheckpointSaver } from "@holdpoint/checkpoint";
import type { Storage } from "./open-storage.js";

/** Ids of all threads that have anything saved, in the order of their ids. */
export async function threadIds(saver: Storage): Promise<string[]> {
  const { byThread } = await saver.stats({ limit: Number.MAX_SAFE_INTEGER });
  return byThread.map(({ threadId }) => threadId).sort();
}

/** Tells whether a thread has a checkpoint or writes. */
export async function isEmptyThread(saver: Storage, threadId: string): Promise<boolean> {
  const { checkpoints, writes } = await saver.stats({ threadId });
  return checkpoints === 0 && writes === 0;
}

/** Ids of all threads that have a journal, though they may have been deleted. */
export async function journalThreadIds(saver: Pick<CheckpointSaver, "readJournal">): Promise<string[]> {
  const ids = new Set<string>();
  for await (const { threadId } of saver.readJournal?.() ?? []) ids.add(threadId);
  return [...ids].sort();
}

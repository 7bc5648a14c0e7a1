import type { CheckpointSaver } from "@holdpoint/checkpoint";
import { GraphError } from "../errors.js";

const running = new WeakMap<CheckpointSaver, Set<string>>();

/**
 * Takes the thread for one run; the function that it returns gives it back.
 * @throws GraphError THREAD_BUSY while another run of this process has it
 */
export function holdThread(saver: CheckpointSaver, threadId: string): () => void {
  const held = running.get(saver) ?? new Set();
  running.set(saver, held);
  if (held.has(threadId)) {
    throw new GraphError(
      "THREAD_BUSY",
      `Thread "${threadId}" is being run already. Two runs at once would mix their steps: wait for the first one, and read its stream to the end or leave it. Nothing was changed.`,
    );
  }
  held.add(threadId);
  return () => held.delete(threadId);
}

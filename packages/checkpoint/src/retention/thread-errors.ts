import { CheckpointError } from "../checkpoint-error.js";

/** A thread cannot be put where there is one. */
export function threadNotEmpty(threadId: string): CheckpointError {
  return new CheckpointError(
    "INVALID_ARGUMENT",
    `The thread ${JSON.stringify(threadId)} is not empty. Choose another id, or delete the thread first. Nothing was saved.`,
  );
}

/** There is nothing to copy. */
export function unknownThread(threadId: string): CheckpointError {
  return new CheckpointError(
    "UNKNOWN_THREAD",
    `The storage has no thread ${JSON.stringify(threadId)}. It was deleted, or is in another storage.`,
  );
}

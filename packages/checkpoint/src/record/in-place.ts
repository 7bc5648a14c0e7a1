import { CheckpointError } from "../checkpoint-error.js";
import type { DataPlace } from "../serde/data-place.js";

/** Where saved data stands. */
export type SavedPlace = Pick<DataPlace, "threadId" | "ns" | "checkpointId">;

/**
 * Reads saved data, and says of an error where that stands: whoever looks after a storage of thousands of threads has to find it. The error names ids, and
 * nothing of what was saved.
 * @throws CheckpointError CORRUPT_DATA, UNKNOWN_KEY with `place`; others as they are
 */
export function inPlace<T>(place: SavedPlace, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw placed(error, place);
  }
}

/** The error with its place, unless it has one that is closer. */
export function placed(error: unknown, { threadId, ns, checkpointId }: SavedPlace): unknown {
  if (!CheckpointError.is(error, "CORRUPT_DATA") && !CheckpointError.is(error, "UNKNOWN_KEY")) return error;
  if (error.place !== undefined) return error;
  const place = { threadId, ...(ns === undefined ? {} : { ns }), ...(checkpointId === undefined ? {} : { checkpointId }) };
  const parts = [
    `thread ${quoted(threadId)}`,
    ...(ns === undefined ? [] : [`namespace ${quoted(ns)}`]),
    ...(checkpointId === undefined ? [] : [`checkpoint ${quoted(checkpointId)}`]),
  ];
  return new CheckpointError(error.code, `${error.message} It stands in ${parts.join(", ")}.`, {
    cause: error,
    retryable: error.retryable,
    place,
  });
}

/** Ids may be as long as somebody likes. */
const quoted = (id: string): string => JSON.stringify(id.length > 200 ? `${id.slice(0, 200)}…` : id);

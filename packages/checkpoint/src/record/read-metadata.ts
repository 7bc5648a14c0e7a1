import { CheckpointError } from "../checkpoint-error.js";
import { isPlainObject } from "../patch/plain.js";
import type { CheckpointMetadata } from "../types.js";

/** Reads what a storage keeps as a checkpoint's metadata. @throws CheckpointError CORRUPT_DATA if the data cannot be that */
export function readMetadata(data: unknown): CheckpointMetadata {
  if (isPlainObject(data)) return data as CheckpointMetadata;
  throw new CheckpointError("CORRUPT_DATA", "Saved data is damaged: a checkpoint's metadata are no object.");
}

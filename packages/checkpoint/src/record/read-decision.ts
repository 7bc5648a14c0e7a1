import { CheckpointError } from "../checkpoint-error.js";
import { isPlainObject } from "../patch/plain.js";
import type { Decision } from "../types.js";

/** Reads what a storage keeps as a decision. @throws CheckpointError CORRUPT_DATA if the data cannot be that */
export function readDecision(data: unknown): Decision {
  if (isPlainObject(data) && typeof data.interruptId === "string" && Number.isSafeInteger(data.revision))
    return data as unknown as Decision;
  throw new CheckpointError("CORRUPT_DATA", "Saved data is damaged: a decision has not the shape of one.");
}

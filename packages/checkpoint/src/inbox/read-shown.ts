import { CheckpointError } from "../checkpoint-error.js";
import { isPlainObject } from "../patch/plain.js";
import type { ShownQuestion } from "./read-questions.js";

/** Reads what an index keeps of a question for the reader. @throws CheckpointError CORRUPT_DATA if the data cannot be that */
export function readShown(data: unknown): ShownQuestion {
  if (isPlainObject(data) && Array.isArray(data.ns)) return data as unknown as ShownQuestion;
  throw new CheckpointError("CORRUPT_DATA", "Saved data is damaged: a question in the inbox has not the shape of one.");
}

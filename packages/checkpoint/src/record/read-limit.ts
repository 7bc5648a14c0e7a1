import { CheckpointError } from "../checkpoint-error.js";
import { describeValue } from "./describe-value.js";

/** Reads how many items a caller wants at most; all of them if it does not say. @throws CheckpointError INVALID_ARGUMENT if that is no number */
export function readLimit(limit: unknown): number {
  if (limit === undefined || limit === null) return Number.POSITIVE_INFINITY;
  if (typeof limit === "number" && !Number.isNaN(limit)) return Math.ceil(limit);
  throw new CheckpointError("INVALID_ARGUMENT", `limit must be a number, not ${describeValue(limit)}.`);
}

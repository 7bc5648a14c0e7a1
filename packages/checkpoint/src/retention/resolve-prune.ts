import { CheckpointError } from "../checkpoint-error.js";
import { requireKnown } from "../record/check-arguments.js";
import { describeValue } from "../record/describe-value.js";
import type { PruneOptions } from "./retention.js";

/** Options that are checked and filled in. */
export interface ResolvedPrune {
  readonly threadId: string | undefined;
  readonly keepLast: number;
  /** Milliseconds since 1970. */
  readonly olderThan: number | undefined;
}

/** @throws CheckpointError INVALID_ARGUMENT if an option cannot be meant: what it would delete is gone for ever. */
export function resolvePrune(options: PruneOptions): ResolvedPrune {
  if (options === undefined || options === null) throw invalid("say what is to be kept: prune({ keepLast: 1 }).");
  const { threadId, keepLast = 1, olderThan } = requireKnown("prune", options, ["threadId", "keepLast", "olderThan"]);
  if (threadId !== undefined && typeof threadId !== "string") throw invalid(`threadId must be a string, not ${typeof threadId}.`);
  if (!Number.isSafeInteger(keepLast) || keepLast < 0)
    throw invalid(`keepLast must be a whole number from 0 on, not ${describeValue(keepLast)}.`);
  return { threadId, keepLast, olderThan: olderThan === undefined ? undefined : timeOf(olderThan) };
}

function timeOf(olderThan: unknown): number {
  const time = olderThan instanceof Date ? olderThan.getTime() : typeof olderThan === "string" ? Date.parse(olderThan) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw invalid(`olderThan must be a Date or a time of ISO 8601, not ${describeValue(olderThan)}.`);
}

function invalid(message: string): CheckpointError {
  return new CheckpointError("INVALID_ARGUMENT", `prune: ${message}`);
}

import { CheckpointError } from "../checkpoint-error.js";
import { requireKnown } from "../record/check-arguments.js";
import { describeValue } from "../record/describe-value.js";
import type { StatsQuery } from "./retention.js";

const DEFAULT_LIMIT = 100;

/** Fills in what a query leaves out. @throws CheckpointError INVALID_ARGUMENT if an option is none that there is. */
export function resolveStats(query?: StatsQuery | null): {
  readonly threadId: string | undefined;
  readonly limit: number;
} {
  const { threadId, limit = DEFAULT_LIMIT } = requireKnown("stats", query, ["threadId", "limit"]);
  if (threadId !== undefined && typeof threadId !== "string") throw invalid(`threadId must be a string, not ${typeof threadId}.`);
  if (!Number.isSafeInteger(limit) || limit < 0) throw invalid(`limit must be a whole number from 0 on, not ${describeValue(limit)}.`);
  return { threadId, limit };
}

function invalid(message: string): CheckpointError {
  return new CheckpointError("INVALID_ARGUMENT", `stats: ${message}`);
}

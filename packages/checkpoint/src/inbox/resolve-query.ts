import { CheckpointError } from "../checkpoint-error.js";
import { requireKnown } from "../record/check-arguments.js";
import { describeValue } from "../record/describe-value.js";
import type { InboxItem, InterruptQuery } from "./inbox-types.js";
import { readTime } from "./read-questions.js";

/** A place in the order of an inbox: by time, then by insertion. */
export interface InboxPlace {
  readonly at: number;
  readonly place: number;
}

/** A query whose options are checked and filled in. */
export interface ResolvedQuery {
  readonly statuses: readonly InboxItem["status"][];
  readonly threadId: string | undefined;
  readonly graph: string | undefined;
  readonly assignee: string | undefined;
  /** Milliseconds since 1970. */
  readonly expiresBefore: number | undefined;
  /** The last place of the page before. */
  readonly after: InboxPlace | undefined;
  readonly limit: number;
  readonly order: "newest" | "oldest";
}

const STATUSES = ["pending", "decided", "closed"] as const;
const QUERY_KEYS = ["status", "threadId", "graph", "assignee", "expiresBefore", "before", "limit", "order"];
const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

/** @throws CheckpointError INVALID_ARGUMENT if an option is none that there is. */
export function resolveQuery(given?: InterruptQuery | null): ResolvedQuery {
  const query = requireKnown("listInterrupts", given, QUERY_KEYS);
  const { status = "pending", threadId, graph, assignee, expiresBefore, before, limit = DEFAULT_LIMIT, order = "newest" } = query;
  for (const [name, text] of Object.entries({ threadId, graph, assignee })) {
    if (text !== undefined && typeof text !== "string") throw invalid(`${name} must be a string, not ${typeof text}.`);
  }
  if (order !== "newest" && order !== "oldest") throw invalid(`order must be "newest" or "oldest", not ${describeValue(order)}.`);
  if (!Number.isInteger(limit) || limit < 1)
    throw invalid(`limit must be a whole number from 1 to ${MAX_LIMIT}, not ${describeValue(limit)}.`);
  return {
    statuses: statusesOf(status),
    threadId,
    graph,
    assignee,
    expiresBefore: expiresBefore === undefined ? undefined : timeOf(expiresBefore),
    after: before === undefined ? undefined : placeOf(before),
    limit: Math.min(limit, MAX_LIMIT),
    order,
  };
}

function statusesOf(status: InterruptQuery["status"]): readonly InboxItem["status"][] {
  if (status === "any") return STATUSES;
  const known = STATUSES.find((one) => one === status);
  if (known !== undefined) return [known];
  throw invalid(`status must be "pending", "decided", "closed" or "any", not ${describeValue(status)}.`);
}

function timeOf(text: string): number {
  const time = readTime(text);
  if (time !== undefined) return time;
  throw invalid(`expiresBefore must be a time of ISO 8601, not ${describeValue(text)}.`);
}

/** The cursor that names a place. */
export function cursorOf({ at, place }: InboxPlace): string {
  return `${at}.${place}`;
}

function placeOf(cursor: unknown): InboxPlace {
  const [, at, place] = (typeof cursor === "string" ? /^(-?\d{1,16})\.(\d{1,16})$/.exec(cursor) : null) ?? [];
  if (at !== undefined && place !== undefined) return { at: Number(at), place: Number(place) };
  throw invalid(`before must be the \`next\` of a page, not ${describeValue(cursor)}.`);
}

function invalid(message: string): CheckpointError {
  return new CheckpointError("INVALID_ARGUMENT", `listInterrupts: ${message}`);
}

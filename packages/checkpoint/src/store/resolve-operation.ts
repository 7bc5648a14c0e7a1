import { CheckpointError } from "../checkpoint-error.js";
import { compileFilter, type ItemMatcher } from "./compile-filter.js";
import type { MatchCondition, Operation } from "./operation.js";
import { requireLabels, requireNamespace } from "./require-namespace.js";
import { durationOf, type ResolvedTtl } from "./store-ttl.js";

/** Where a document stands. */
export interface DocumentPlace {
  readonly namespace: readonly string[];
  readonly key: string;
}

export interface ResolvedGet extends DocumentPlace {
  readonly kind: "get";
  /** Whether the document gets its whole time anew. */
  readonly refresh: boolean;
}

export interface ResolvedPut extends DocumentPlace {
  readonly kind: "put";
  readonly value: object;
  /** Milliseconds that it is kept; undefined: for ever. */
  readonly duration: number | undefined;
  readonly index: false | readonly string[] | undefined;
}

export interface ResolvedDelete extends DocumentPlace {
  readonly kind: "delete";
}

export interface ResolvedSearch {
  readonly kind: "search";
  readonly prefix: readonly string[];
  /** Undefined: all of them. */
  readonly matches: ItemMatcher | undefined;
  /** The filter that `matches` was made of, for a database that can leave out some documents by itself. */
  readonly filter: Readonly<Record<string, unknown>> | undefined;
  readonly limit: number;
  readonly offset: number;
  readonly query: string | undefined;
  readonly refresh: boolean;
}

export interface ResolvedList {
  readonly kind: "list";
  readonly conditions: readonly MatchCondition[];
  readonly maxDepth: number | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** An operation that was checked, with its defaults filled in. */
export type ResolvedOperation = ResolvedGet | ResolvedPut | ResolvedDelete | ResolvedSearch | ResolvedList;

/** @throws CheckpointError INVALID_NAMESPACE, INVALID_ARGUMENT, before anything of the batch is done */
export function resolveOperations(operations: readonly Operation[], ttl: ResolvedTtl): ResolvedOperation[] {
  if (!Array.isArray(operations)) throw invalid("batch() must be given a list of operations.");
  return operations.map((operation) => resolveOperation(operation, ttl));
}

function resolveOperation(operation: unknown, ttl: ResolvedTtl): ResolvedOperation {
  if (typeof operation !== "object" || operation === null) throw unknownOperation();
  const given = operation as Record<string, unknown>;
  if ("namespacePrefix" in given) return resolveSearch(given, ttl);
  if ("namespace" in given || "key" in given) return resolveAccess(given, ttl);
  if ("matchConditions" in given || "maxDepth" in given || "limit" in given || "offset" in given) return resolveList(given);
  throw unknownOperation();
}

function resolveAccess(given: Record<string, unknown>, ttl: ResolvedTtl): ResolvedGet | ResolvedPut | ResolvedDelete {
  const place = { namespace: requireNamespace(given.namespace), key: requireKey(given.key) };
  if (!("value" in given)) return { kind: "get", ...place, refresh: readFlag(given.refreshTtl, "refreshTtl") ?? ttl.refresh };
  const duration = durationOf(given.ttl, ttl.duration);
  if (given.value === null) return { kind: "delete", ...place };
  return { kind: "put", ...place, value: requireObject(given.value), duration, index: readIndex(given.index) };
}

function resolveSearch(given: Record<string, unknown>, ttl: ResolvedTtl): ResolvedSearch {
  const { filter, query } = given;
  if (query !== undefined && typeof query !== "string") throw invalid(`query must be a text, and is of type ${typeof query}.`);
  return {
    kind: "search",
    prefix: requireLabels(given.namespacePrefix, "A namespace prefix"),
    matches: filter === undefined ? undefined : compileFilter(filter),
    filter: filter as Record<string, unknown> | undefined,
    ...readPage(given, 10),
    // As in LangGraph, an empty one asks for nothing.
    query: query === "" ? undefined : query,
    refresh: readFlag(given.refreshTtl, "refreshTtl") ?? ttl.refresh,
  };
}

function resolveList(given: Record<string, unknown>): ResolvedList {
  const { maxDepth, matchConditions = [] } = given;
  if (maxDepth !== undefined && !isCount(maxDepth, 1)) throw invalid("maxDepth must be a whole number from 1 up.");
  if (!Array.isArray(matchConditions)) throw invalid("matchConditions must be a list.");
  const conditions = (matchConditions as ({ matchType?: unknown; path?: unknown } | null | undefined)[]).map((given): MatchCondition => {
    const { matchType, path } = given ?? {};
    if (matchType !== "prefix" && matchType !== "suffix") throw invalid(`matchType must be "prefix" or "suffix".`);
    return { matchType, path: requireLabels(path, `A namespace ${matchType}`) };
  });
  return { kind: "list", conditions, maxDepth: maxDepth as number | undefined, ...readPage(given, 100) };
}

function requireKey(key: unknown): string {
  if (typeof key === "string") return key;
  throw invalid(`The key of a document must be a text, and is of type ${typeof key}.`);
}

function requireObject(value: unknown): object {
  // Of what has a type of its own, the fields would not be properties, and no filter could find them.
  if (typeof value === "object" && Object.prototype.toString.call(value) === "[object Object]") return value as object;
  const fact = typeof value === "object" ? Object.prototype.toString.call(value).slice("[object ".length, -1) : typeof value;
  throw invalid(`The value of a document must be an object with fields, or null, and is of type ${fact}. Put it into one: { value }.`);
}

function readIndex(index: unknown): false | readonly string[] | undefined {
  if (index === undefined || index === null || index === false) return index ?? undefined;
  if (Array.isArray(index) && index.every((path) => typeof path === "string")) return [...index];
  throw invalid("index must be a list of paths, or false.");
}

function readFlag(flag: unknown, name: string): boolean | undefined {
  if (flag === undefined || typeof flag === "boolean") return flag;
  throw invalid(`${name} must be true or false, and is of type ${typeof flag}.`);
}

function readPage({ limit, offset }: Record<string, unknown>, usual: number): { limit: number; offset: number } {
  const page = { limit: limit ?? usual, offset: offset ?? 0 };
  if (!isCount(page.limit, 0) && page.limit !== Number.POSITIVE_INFINITY)
    throw invalid("limit must be a whole number from 0 up, or Infinity.");
  if (!isCount(page.offset, 0)) throw invalid("offset must be a whole number from 0 up.");
  return page as { limit: number; offset: number };
}

function isCount(value: unknown, least: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least;
}

function unknownOperation(): CheckpointError {
  return invalid(
    "An operation of a batch is none. There are { namespace, key }, { namespace, key, value }, { namespacePrefix, … } and { matchConditions, … }.",
  );
}

function invalid(message: string): CheckpointError {
  return new CheckpointError("INVALID_ARGUMENT", message);
}

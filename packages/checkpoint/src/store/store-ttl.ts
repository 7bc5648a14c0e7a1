import { CheckpointError } from "../checkpoint-error.js";

/** How long the documents of a store are kept. */
export interface StoreTtl {
  /** Minutes after which a document is gone that is put without a `ttl` of its own. Default: never. */
  readonly defaultTtl?: number;
  /** Whether reading a document that expires (`get`, `search`) gives it its whole time anew. Default false: reading does not write. */
  readonly refreshOnRead?: boolean;
}

/** What the store was told, checked; a duration is in milliseconds, or undefined for ever. */
export interface ResolvedTtl {
  readonly duration: number | undefined;
  readonly refresh: boolean;
}

const MINUTE = 60_000;
/** Dates end here, in milliseconds. */
const LONGEST = 8.64e15 / 2;

/** @throws CheckpointError INVALID_ARGUMENT */
export function resolveTtl({ defaultTtl, refreshOnRead = false }: StoreTtl = {}): ResolvedTtl {
  return { duration: durationOf(defaultTtl, undefined), refresh: refreshOnRead };
}

/**
 * Turns minutes into milliseconds, a part of one counting as a whole. Null is for ever, undefined the default.
 * @throws CheckpointError INVALID_ARGUMENT
 */
export function durationOf(ttl: unknown, fallback: number | undefined): number | undefined {
  if (ttl === undefined) return fallback;
  if (ttl === null) return undefined;
  if (typeof ttl === "number" && ttl > 0 && ttl * MINUTE <= LONGEST) return Math.ceil(ttl * MINUTE);
  const fact = typeof ttl === "number" ? String(ttl) : `of type ${typeof ttl}`;
  throw new CheckpointError("INVALID_ARGUMENT", `ttl must be a number of minutes above 0, or null for ever, and is ${fact}.`);
}

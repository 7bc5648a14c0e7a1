import { diffArray } from "./diff-array.js";
import { diffObject } from "./diff-object.js";
import type { DiffChild, Difference, Patch } from "./patch.js";
import { isPlainArray, isPlainObject } from "./plain.js";

/** Nesting that patches follow; a change further down is stored with the value around it. */
const MAX_LEVELS = 16;
/** Shorter texts are stored whole. */
const MIN_TEXT = 64;

/** Tells whether an old container may be patched: whether it is still what was stored. */
export type IsTrusted = (before: unknown) => boolean;

/**
 * Finds how `after` differs from `before` by identity: parts that are the same reference are taken as unchanged, and nothing is compared
 * deeply. Its cost follows the number of items at the levels that changed, not their content.
 *
 * @param isTrusted asked about containers inside of `before`; what is not trusted is stored whole.
 * @returns undefined where no patch is worth it, or none would be exact: store `after` whole.
 */
export function diff(before: unknown, after: unknown, isTrusted: IsTrusted = () => true): Difference | undefined {
  const dropped: unknown[] = [];
  const patch = diffValue(before, after, dropped, isTrusted, 0);
  return patch === undefined ? undefined : { patch, dropped };
}

function diffValue(before: unknown, after: unknown, dropped: unknown[], isTrusted: IsTrusted, level: number): Patch | undefined {
  if (typeof before === "string") return typeof after === "string" ? diffText(before, after) : undefined;
  if (level === MAX_LEVELS || (level > 0 && !isTrusted(before))) return undefined;
  const diffChild: DiffChild = (oldChild, newChild, list) => diffValue(oldChild, newChild, list, isTrusted, level + 1);
  if (isPlainArray(before)) return isPlainArray(after) ? diffArray(before, after, dropped, diffChild) : undefined;
  return isPlainObject(before) && isPlainObject(after) ? diffObject(before, after, dropped, diffChild) : undefined;
}

function diffText(before: string, after: string): Patch | undefined {
  const grown = before.length >= MIN_TEXT && after.startsWith(before);
  return grown ? ["t", before.length, after.slice(before.length)] : undefined;
}

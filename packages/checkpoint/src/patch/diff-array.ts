import type { DiffChild, ItemsPatch, Patch, SplicePatch } from "./patch.js";

type List = readonly unknown[];

/** Finds what was appended, cut off, inserted, removed or replaced; undefined if no item stayed, or holes came. */
export function diffArray(before: List, after: List, dropped: unknown[], diffChild: DiffChild): SplicePatch | ItemsPatch | undefined {
  const shorter = Math.min(before.length, after.length);
  const start = sharedStart(before, after, shorter);
  let end = 0;
  while (end < shorter - start && sameAt(before, before.length - 1 - end, after, after.length - 1 - end)) end++;
  const removed = before.length - start - end;
  const added = after.length - start - end;
  if (removed === 0 || added === 0) return start + end === 0 ? undefined : splice(before, after, start, removed, added, dropped);
  return diffMiddle(before, after, { start, end, removed, added }, dropped, diffChild);
}

/** How many items at the start are the same. A long list that grew is compared item by item: objects first, which take one comparison each. */
function sharedStart(before: List, after: List, most: number): number {
  let at = 0;
  while (at < most) {
    while (at < most && isSameObject(before[at], after[at])) at++;
    if (at === most || !sameAt(before, at, after, at)) return at;
    at++;
  }
  return at;
}

const isSameObject = (one: unknown, other: unknown): boolean => typeof one === "object" && one === other;

interface Middle {
  readonly start: number;
  readonly end: number;
  readonly removed: number;
  readonly added: number;
}

/** Chooses between replacing the middle and setting single items: whichever stores fewer of them. */
function diffMiddle(
  before: List,
  after: List,
  middle: Middle,
  dropped: unknown[],
  diffChild: DiffChild,
): SplicePatch | ItemsPatch | undefined {
  const length = Math.min(before.length, after.length);
  const changed: number[] = [];
  for (let at = middle.start; at < length; at++) if (!sameAt(before, at, after, at)) changed.push(at);
  const stored = changed.length + after.length - length;
  if (stored > middle.added) return splice(before, after, middle.start, middle.removed, middle.added, dropped);
  // A set item cannot be a hole.
  if (changed.some((at) => !(at in after))) return undefined;
  const inner: unknown[] = [];
  const patch = diffItems(before, after, changed, inner, diffChild);
  if (changed.length === length && patch[4].length === 0) return undefined;
  for (const item of inner) dropped.push(item);
  if (before.length > length) dropped.push(before.slice(length));
  return patch;
}

function diffItems(before: List, after: List, changed: readonly number[], dropped: unknown[], diffChild: DiffChild): ItemsPatch {
  const length = Math.min(before.length, after.length);
  const set: unknown[] = [];
  const nested: (number | Patch)[] = [];
  for (const at of changed) {
    const patch = diffChild(before[at], after[at], dropped, String(at));
    if (patch !== undefined) nested.push(at, patch);
    else {
      set.push(at, after[at]);
      dropped.push(before[at]);
    }
  }
  return ["i", length, after.slice(length), set, nested];
}

function splice(before: List, after: List, start: number, removed: number, added: number, dropped: unknown[]): SplicePatch {
  if (removed > 0) dropped.push(before.slice(start, start + removed));
  return ["s", start, removed, after.slice(start, start + added)];
}

/** A hole is not the same as an undefined item. */
function sameAt(before: List, at: number, after: List, to: number): boolean {
  const item = before[at];
  if (!Object.is(item, after[to])) return false;
  return item !== undefined || at in before === to in after;
}

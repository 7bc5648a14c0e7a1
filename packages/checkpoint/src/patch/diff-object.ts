import type { DiffChild, ObjectPatch, Patch } from "./patch.js";
import type { PlainObject } from "./plain.js";

const INDEX = /^(?:0|[1-9]\d{0,9})$/;

/**
 * Finds which properties were set, changed inside, or deleted; undefined if nothing stayed, or the patched object
 * would have its keys in another order.
 * @param changed the keys that may have changed, where that is known: the values of others are not looked at. When left out, identity tells.
 */
export function diffObject(
  before: PlainObject,
  after: PlainObject,
  dropped: unknown[],
  diffChild: DiffChild,
  changed?: readonly string[],
): ObjectPatch | undefined {
  const oldKeys = Object.keys(before);
  const newKeys = Object.keys(after);
  const shared = sharedPrefix(oldKeys, newKeys);
  const kept = shared === oldKeys.length ? oldKeys : keptInOrder(oldKeys, newKeys, before, after);
  if (kept === undefined || Object.hasOwn(after, "__proto__") || Object.getPrototypeOf(before) !== Object.getPrototypeOf(after))
    return undefined;
  const set: PlainObject = {};
  const nested: Record<string, Patch> = {};
  const replaced: unknown[] = [];
  for (const key of changed ?? kept) {
    if (changed === undefined ? Object.is(before[key], after[key]) : !(Object.hasOwn(before, key) && Object.hasOwn(after, key))) continue;
    const patch = diffChild(before[key], after[key], dropped, key);
    if (patch !== undefined) nested[key] = patch;
    else {
      set[key] = after[key];
      replaced.push(before[key]);
    }
  }
  if (replaced.length === kept.length && oldKeys.length > 0) return undefined;
  for (const value of replaced) dropped.push(value);
  if (newKeys.length > kept.length) setAdded(set, shared === oldKeys.length ? newKeys.slice(shared) : newKeys, before, after);
  if (kept.length === oldKeys.length) return Object.keys(nested).length > 0 ? ["o", set, nested] : ["o", set];
  const deleted = oldKeys.filter((key) => !Object.hasOwn(after, key));
  for (const key of deleted) dropped.push(before[key]);
  return ["o", set, nested, deleted];
}

function sharedPrefix(oldKeys: readonly string[], newKeys: readonly string[]): number {
  let at = 0;
  while (at < oldKeys.length && oldKeys[at] === newKeys[at]) at++;
  return at;
}

function setAdded(set: PlainObject, candidates: readonly string[], before: PlainObject, after: PlainObject): void {
  for (const key of candidates) if (!Object.hasOwn(before, key)) set[key] = after[key];
}

/**
 * Returns the keys that both have, if a patch would keep the order: old keys in their old order, then the new ones. Keys that are array
 * indexes have no place of their own in the order of an object.
 */
function keptInOrder(
  oldKeys: readonly string[],
  newKeys: readonly string[],
  before: PlainObject,
  after: PlainObject,
): string[] | undefined {
  const kept = oldKeys.filter((key) => Object.hasOwn(after, key));
  const named = kept.filter((key) => !INDEX.test(key));
  let at = 0;
  let added = false;
  for (const key of newKeys) {
    if (INDEX.test(key)) continue;
    if (!Object.hasOwn(before, key)) added = true;
    else if (added || named[at++] !== key) return undefined;
  }
  return kept;
}

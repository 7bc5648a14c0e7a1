import { CheckpointError } from "../checkpoint-error.js";
import { MadeContainers } from "./made-containers.js";
import type { Patch } from "./patch.js";
import { isPlainArray, isPlainObject, type PlainObject } from "./plain.js";

/**
 * Applies patches to a value, one after the other. Changes none of the values passed in: what a patch reaches is copied once,
 * so that a long chain of patches costs as much as their sizes together.
 * @throws CheckpointError CORRUPT_DATA if a patch does not fit the value.
 */
export function foldPatches(value: unknown, patches: Iterable<Patch>): unknown {
  const folding = new Folding(value);
  for (const patch of patches) folding.apply(patch);
  return folding.value;
}

/** Applies one patch; `before` stays as it is. */
export function applyPatch(before: unknown, patch: Patch): unknown {
  return foldPatches(before, [patch]);
}

/** A value on its way through a chain of patches, which can be looked at between two of them. */
export class Folding {
  readonly #made = new MadeContainers();
  #value: unknown;

  constructor(value: unknown) {
    this.#value = value;
  }

  /** The value as it is now. The next patch may change it in place. */
  get value(): unknown {
    return this.#value;
  }

  /** @throws CheckpointError CORRUPT_DATA if the patch does not fit */
  apply(patch: Patch): void {
    this.#value = applyTo(this.#value, patch, this.#made);
  }

  /**
   * Sets properties of an object, as a patch would that has other values in their places.
   * @param map from what stands there to what is set
   * @throws CheckpointError CORRUPT_DATA if either is no object
   */
  assign(set: Readonly<Record<string, unknown>>, map: (value: unknown) => unknown): void {
    if (!isPlainObject(this.#value) || !isPlainObject(set)) throw misfit();
    const object = this.#made.object(this.#value);
    for (const key of Object.keys(set)) setProperty(object, key, map(set[key]));
    this.#value = object;
  }

  /** The value as it is now, for good: what patches have made is copied, the rest is shared as ever. */
  snapshot(): unknown {
    return this.#made.copyOf(this.#value);
  }
}

function applyTo(before: unknown, patch: Patch, own: MadeContainers): unknown {
  if (!Array.isArray(patch)) throw misfit();
  switch (patch[0]) {
    case "o":
      return applyObject(before, patch[1], patch[2], patch[3], own);
    case "s":
      return applySplice(before, patch[1], patch[2], patch[3], own);
    case "i":
      return applyItems(before, patch[1], patch[2], patch[3], patch[4], own);
    case "t":
      return applyText(before, patch[1], patch[2]);
    case "=":
      return patch[1];
    case "m":
      return applyMoves(before, patch[1], patch[2], own);
    default:
      throw misfit();
  }
}

function misfit(): CheckpointError {
  return new CheckpointError("CORRUPT_DATA", "Saved data is damaged: a stored change does not fit the value before it.");
}

function applyObject(before: unknown, set: unknown, nested: unknown, deleted: unknown, own: MadeContainers): PlainObject {
  if (!isPlainObject(before) || !isPlainObject(set)) throw misfit();
  const object = own.object(before);
  if (deleted !== undefined) {
    if (!Array.isArray(deleted)) throw misfit();
    for (const key of deleted as string[]) delete object[key];
  }
  if (nested !== undefined) applyNested(object, nested, own);
  for (const key of Object.keys(set)) setProperty(object, key, set[key]);
  return object;
}

function applyNested(object: PlainObject, nested: unknown, own: MadeContainers): void {
  if (!isPlainObject(nested)) throw misfit();
  own.noteInside(object);
  for (const key of Object.keys(nested)) {
    if (!Object.hasOwn(object, key)) throw misfit();
    setProperty(object, key, applyTo(object[key], nested[key] as Patch, own));
  }
}

/** `__proto__` never stands in a patch that we wrote. */
function setProperty(object: PlainObject, key: string, value: unknown): void {
  if (key === "__proto__") throw misfit();
  object[key] = value;
}

function ownList(before: unknown, own: MadeContainers): unknown[] {
  if (!isPlainArray(before)) throw misfit();
  return own.list(before);
}

function applySplice(before: unknown, start: unknown, removed: unknown, items: unknown, own: MadeContainers): unknown[] {
  const list = ownList(before, own);
  if (!isCount(start) || !isCount(removed) || !Array.isArray(items)) throw misfit();
  // Longer than the list: it was changed in place, unseen, before the patch was made. What was appended is appended.
  if (start + removed >= list.length) {
    if (start < list.length) list.length = start;
    append(list, items);
    return list;
  }
  // Not by spreading arguments: that has a limit, and fills holes.
  return own.replace(list, list.slice(0, start).concat(items, list.slice(start + removed)));
}

function applyItems(before: unknown, length: unknown, tail: unknown, set: unknown, nested: unknown, own: MadeContainers): unknown[] {
  const list = ownList(before, own);
  if (!isCount(length) || length > list.length || !Array.isArray(tail) || !Array.isArray(set) || !Array.isArray(nested)) throw misfit();
  list.length = length;
  for (let at = 0; at < set.length; at += 2) list[indexIn(list, set[at])] = set[at + 1];
  if (nested.length > 0) own.noteInside(list);
  for (let at = 0; at < nested.length; at += 2) {
    const index = indexIn(list, nested[at]);
    list[index] = applyTo(list[index], nested[at + 1] as Patch, own);
  }
  append(list, tail);
  return list;
}

function applyText(before: unknown, length: unknown, tail: unknown): string {
  if (typeof before !== "string" || !isCount(length) || length > before.length || typeof tail !== "string") throw misfit();
  return before.slice(0, length) + tail;
}

function applyMoves(before: unknown, moves: unknown, patch: Patch, own: MadeContainers): unknown {
  if (!Array.isArray(moves)) throw misfit();
  // Taken before anything is applied: the patch changes in place what was copied for an earlier one.
  const taken = (moves as unknown[]).map((move) => {
    if (!Array.isArray(move) || !Array.isArray(move[0]) || !Array.isArray(move[1])) throw misfit();
    return { value: own.shared(valueAt(before, move[0])), to: move[1] as unknown[] };
  });
  let result = applyTo(before, patch, own);
  for (const { value, to } of taken) result = withValueAt(result, to, 0, value, own);
  return result;
}

function valueAt(root: unknown, path: readonly unknown[]): unknown {
  let value = root;
  for (const key of path) {
    const isThere = isPlainArray(value)
      ? isCount(key) && key < value.length
      : isPlainObject(value) && isName(key) && Object.hasOwn(value, key);
    if (!isThere) throw misfit();
    value = (value as Record<string | number, unknown>)[key as string];
  }
  return value;
}

/** Puts a value in the place of what the patch has left there. */
function withValueAt(container: unknown, path: readonly unknown[], level: number, value: unknown, own: MadeContainers): unknown {
  if (level === path.length) return value;
  const key = path[level];
  if (isPlainArray(container)) {
    const list = ownList(container, own);
    const index = indexIn(list, key);
    list[index] = withValueAt(list[index], path, level + 1, value, own);
    own.noteInside(list);
    return list;
  }
  if (!isPlainObject(container) || !isName(key) || !Object.hasOwn(container, key)) throw misfit();
  const object = own.object(container);
  own.noteInside(object);
  setProperty(object, key, withValueAt(object[key], path, level + 1, value, own));
  return object;
}

function isName(key: unknown): key is string {
  return typeof key === "string";
}

function append(list: unknown[], items: readonly unknown[]): void {
  for (let at = 0; at < items.length; at++) {
    if (items[at] !== undefined || at in items) list.push(items[at]);
    else list.length++;
  }
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}

function indexIn(list: readonly unknown[], index: unknown): number {
  if (!isCount(index) || index >= list.length) throw misfit();
  return index;
}

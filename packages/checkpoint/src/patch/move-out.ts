import type { Patch, Path } from "./patch.js";
import { isPlainArray, isPlainObject, type PlainObject } from "./plain.js";
import { isAtLeast, roughSize } from "./rough-size.js";

/** A smaller part is stored again rather than referred to. */
export const MIN_MOVED = 128;
/** How deep, and how many containers, of an old value are looked through for parts that moved. */
const MAX_LEVELS = 6;
const MAX_CONTAINERS = 64;
/** A longer list (messages, as a rule) is where parts go to, not where they come from. */
const MAX_ITEMS = 32;

/** How deep a new container is looked through for parts that moved into it. */
const MAX_NEW_LEVELS = 2;

type Places = Map<unknown, Path>;

interface Taken {
  readonly moves: [from: Path, to: Path][];
  size: number;
}

/** A patch without what moved. */
export interface MovedOut {
  readonly patch: Patch;
  /** Rough size of what was taken out. */
  readonly size: number;
}

/**
 * Takes out of a patch what stands in the old value already, at a place that the new one does not have any more: an input that waited to be applied,
 * as a rule. What moves is found by identity; texts by their value.
 * @param sources keys of the old value that may hold parts which moved. What stands there must not have been changed in place since it was stored: as
 *   the one thing in a state, that cannot be seen here
 * @returns the same patch where nothing moved
 */
export function moveOut(before: PlainObject, patch: Patch, sources: readonly string[]): MovedOut {
  const places: Places = new Map();
  let left = MAX_CONTAINERS;
  for (const key of sources) left = gather(before[key], [key], places, left);
  const taken: Taken = { moves: [], size: 0 };
  const moved = places.size === 0 ? patch : withoutMoved(patch, [], places, taken);
  return taken.moves.length === 0 ? { patch, size: 0 } : { patch: ["m", taken.moves, moved], size: taken.size };
}

/** Notes where each part stands. @returns how many containers may still be looked into */
function gather(value: unknown, path: Path, places: Places, left: number): number {
  if (typeof value === "string") {
    if (value.length >= MIN_MOVED && !places.has(value)) places.set(value, path);
    return left;
  }
  // What stands in a small one is smaller still.
  if (typeof value !== "object" || value === null || left <= 0 || !isAtLeast(value, MIN_MOVED)) return left;
  // What the runtime keeps in a channel of its own is nowhere else as a whole.
  const isOwn = path.length === 1 && isPlainObject(value);
  if (!isOwn && !places.has(value)) places.set(value, path);
  if (path.length > MAX_LEVELS || (isPlainArray(value) && value.length > MAX_ITEMS)) return left;
  if (!isPlainArray(value) && !isPlainObject(value)) return left;
  let rest = left - 1;
  for (const key of Object.keys(value)) {
    const step = isPlainArray(value) ? Number(key) : key;
    rest = gather((value as PlainObject)[key], [...path, step], places, rest);
  }
  return rest;
}

/** The patch with null in the place of what moved. `at` is where the patched value stands. */
function withoutMoved(patch: Patch, at: Path, places: Places, taken: Taken): Patch {
  switch (patch[0]) {
    case "o": {
      const [, set, nested, deleted] = patch;
      const kept = mapValues(set, (value, key) => takeOut(value, [...at, key], places, taken));
      if (nested === undefined) return ["o", kept];
      const inside = mapValues(nested, (child, key) => withoutMoved(child, [...at, key], places, taken));
      return deleted === undefined ? ["o", kept, inside] : ["o", kept, inside, deleted];
    }
    case "s": {
      const [, start, removed, items] = patch;
      return ["s", start, removed, items.map((item, index) => takeOut(item, [...at, start + index], places, taken))];
    }
    case "=":
      return ["=", takeOut(patch[1], at, places, taken)];
    default:
      return patch;
  }
}

/** The value, or null if it moved; a new container with what moved taken out of it. */
function takeOut(value: unknown, to: Path, places: Places, taken: Taken, level = 0): unknown {
  const from = places.get(value);
  if (from === undefined) return level < MAX_NEW_LEVELS ? takeOutOf(value, to, places, taken, level + 1) : value;
  const size = roughSize(value);
  if (size < MIN_MOVED) return value;
  taken.moves.push([from, to]);
  taken.size += size;
  return null;
}

function takeOutOf(value: unknown, to: Path, places: Places, taken: Taken, level: number): unknown {
  const before = taken.moves.length;
  let kept: unknown = value;
  if (isPlainArray(value) && value.length <= MAX_ITEMS)
    kept = value.map((item, index) => takeOut(item, [...to, index], places, taken, level));
  // A key of this name would not be set by the patch that puts things in their places.
  else if (isPlainObject(value) && Object.getPrototypeOf(value) !== null && !Object.hasOwn(value, "__proto__"))
    kept = mapValues(value, (item, key) => takeOut(item, [...to, key], places, taken, level));
  return taken.moves.length === before ? value : kept;
}

function mapValues<T, R>(object: Readonly<Record<string, T>>, map: (value: T, key: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value, key)]));
}

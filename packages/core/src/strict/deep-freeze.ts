import { FROZEN_COLLECTION } from "./mutated-key.js";

/** What is frozen all the way down: each value is walked once, however often a state with it is handed on. */
const frozen = new WeakSet<object>();

/**
 * Freezes a value and all that it is made of: arrays, plain objects, maps and sets. Leaves alone what cannot be frozen (bytes), what is not changed
 * by assignment (dates), and instances of other classes, which may keep caches in themselves (LangChain's messages do). Takes values with cycles.
 * @returns the value itself
 */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || frozen.has(value)) return value;
  // Not by recursion: a state may be a long list of lists.
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== "object" || next === null || frozen.has(next)) continue;
    if (freezeOne(next, waiting)) frozen.add(next);
  }
  return value;
}

/** @returns false for what is left alone */
function freezeOne(value: object, parts: unknown[]): boolean {
  if (Array.isArray(value) || isPlain(value)) {
    Object.freeze(value);
    for (const key of Reflect.ownKeys(value)) {
      const { value: part } = Object.getOwnPropertyDescriptor(value, key) as PropertyDescriptor;
      parts.push(part);
    }
    return true;
  }
  if (value instanceof Map) {
    for (const [key, part] of value) parts.push(key, part);
    refuse(value, ["set", "delete", "clear"]);
    return true;
  }
  if (value instanceof Set) {
    parts.push(...value);
    refuse(value, ["add", "delete", "clear"]);
    return true;
  }
  return false;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Freezing does not reach what is inside of a collection: its methods that change it are taken away. */
function refuse(collection: object, methods: readonly string[]): void {
  const value = () => {
    throw new TypeError(FROZEN_COLLECTION);
  };
  for (const name of methods) Object.defineProperty(collection, name, { value, enumerable: false });
  Object.freeze(collection);
}

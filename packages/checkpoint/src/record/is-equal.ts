import { isDeepStrictEqual } from "../node-util.js";
import { isPlainArray, isPlainObject } from "../patch/plain.js";

/** Compares two values by content. 0 equals -0, and an object without prototype one that has the same properties. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (a === b || Object.is(a, b)) return true;
  if (isPlainArray(a)) return isPlainArray(b) && a.length === b.length && a.every((item, at) => isEqual(item, b[at]));
  if (!isPlainObject(a) || !isPlainObject(b)) return isDeepStrictEqual(a, b);
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key], b[key]));
}

import { isPlainArray, isPlainObject } from "../patch/plain.js";

/** Tells whether metadata holds every value of the filter. A filter's undefined values are left out; objects and arrays are compared by content. */
export function matchesFilter(metadata: Readonly<Record<string, unknown>>, filter: Readonly<Record<string, unknown>> | undefined): boolean {
  if (filter === undefined) return true;
  return Object.keys(filter).every(
    (key) => filter[key] === undefined || (Object.hasOwn(metadata, key) && isEqual(metadata[key], filter[key])),
  );
}

function isEqual(a: unknown, b: unknown): boolean {
  if (a === b || Object.is(a, b)) return true;
  if (isPlainArray(a)) return isPlainArray(b) && a.length === b.length && a.every((item, at) => isEqual(item, b[at]));
  if (a instanceof Date) return b instanceof Date && a.getTime() === b.getTime();
  if (!isPlainObject(a) || !isPlainObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key], b[key]));
}

import { isEqual } from "./is-equal.js";

/** Tells whether metadata holds every value of the filter. A filter's undefined values are left out; others are compared by content. */
export function matchesFilter(metadata: Readonly<Record<string, unknown>>, filter: Readonly<Record<string, unknown>> | undefined): boolean {
  if (filter === undefined || filter === null) return true;
  return Object.keys(filter).every(
    (key) => filter[key] === undefined || (Object.hasOwn(metadata, key) && isEqual(metadata[key], filter[key])),
  );
}

/** Deeper values count as nothing: the estimate must not be what fails. */
const MAX_LEVELS = 100;

/** Whether a value's rough size reaches so much. Looks no further than it must. */
export const isAtLeast = (value: unknown, size: number): boolean => missingTo(value, size, 0) <= 0;

/** What a value leaves of a size that is to be reached; 0 or less if it reaches that. */
function missingTo(value: unknown, size: number, level: number): number {
  if (typeof value !== "object" || value === null || level === MAX_LEVELS || ArrayBuffer.isView(value))
    return size - roughSize(value, level);
  if (value instanceof Set || value instanceof Map) return size - roughSize(value, level);
  let missing = size - 2;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length && missing > 0; at++) missing = missingTo(value[at], missing - 1, level + 1);
    return missing;
  }
  for (const key in value) {
    if (missing <= 0) return missing;
    if (Object.hasOwn(value, key)) missing = missingTo((value as Record<string, unknown>)[key], missing - key.length - 4, level + 1);
  }
  return missing;
}

/** Estimates the length of a value's JSON text, without making it. */
export function roughSize(value: unknown, level = 0): number {
  if (typeof value === "string") return value.length + 2;
  if (typeof value !== "object" || value === null) return 4;
  if (level === MAX_LEVELS) return 0;
  if (ArrayBuffer.isView(value)) return 40 + Math.ceil(value.byteLength / 3) * 4;
  if (Array.isArray(value) || value instanceof Set) return sizeOfItems(value, level);
  if (value instanceof Map) return sizeOfItems(value.keys(), level) + sizeOfItems(value.values(), level);
  let size = 2;
  for (const key of Object.keys(value)) size += key.length + 4 + roughSize((value as Record<string, unknown>)[key], level + 1);
  return size;
}

function sizeOfItems(items: Iterable<unknown>, level: number): number {
  let size = 2;
  for (const item of items) size += 1 + roughSize(item, level + 1);
  return size;
}

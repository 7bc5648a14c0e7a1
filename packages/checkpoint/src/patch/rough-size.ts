/** Deeper values count as nothing: the estimate must not be what fails. */
const MAX_LEVELS = 100;

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

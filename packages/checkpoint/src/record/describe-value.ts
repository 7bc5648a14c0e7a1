/** Says in a message what was given instead of what was asked for: text and numbers as they are, of anything else only the type. */
export function describeValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "number" || typeof value === "boolean" || value === null ? String(value) : typeof value;
}

/** Characters of a message that are kept: what was thrown may hold a whole response, and is saved, and shown to a model. */
const LONGEST_MESSAGE = 100_000;

/**
 * Says in words what was thrown. It may be anything: no error, an object without a prototype, a proxy, an error whose message cannot be read. Never throws.
 */
export function describeThrown(thrown: unknown): { readonly name: string; readonly message: string } {
  return { name: nameOf(thrown), message: cut(messageOf(thrown)) };
}

/** Tells whether a value, which may be anything that was thrown, has a brand of ours. Never throws. */
export function isBranded(value: unknown, brand: symbol | string): boolean {
  try {
    return typeof value === "object" && value !== null && (value as Record<PropertyKey, unknown>)[brand] === true;
  } catch {
    return false;
  }
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

function nameOf(thrown: unknown): string {
  try {
    const name = isObject(thrown) ? (thrown as { name?: unknown }).name : undefined;
    return thrown instanceof Error && typeof name === "string" ? name : "Error";
  } catch {
    return "Error";
  }
}

function messageOf(thrown: unknown): string {
  try {
    if (!isObject(thrown)) return String(thrown);
    const { message } = thrown as { message?: unknown };
    if (typeof message === "string") return message;
    return thrown instanceof Error ? `An error whose message is a ${typeof message}` : contentOf(thrown);
  } catch {
    return "Something was thrown that cannot be read.";
  }
}

/** An object's own words for itself, or what it holds. */
function contentOf(thrown: object): string {
  const text = "toString" in thrown ? String(thrown) : "[object Object]";
  if (text !== "[object Object]") return text;
  try {
    return JSON.stringify(thrown) ?? text;
  } catch {
    return text;
  }
}

const cut = (message: string): string =>
  message.length <= LONGEST_MESSAGE
    ? message
    : `${message.slice(0, LONGEST_MESSAGE).replace(/[\ud800-\udbff]$/, "")} … (${message.length - LONGEST_MESSAGE} characters more)`;

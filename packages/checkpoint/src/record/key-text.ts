import { CheckpointError } from "../checkpoint-error.js";

/** Starts a key that had to be escaped. */
const ESCAPE = "\u0001";

// Databases cut text at NUL or refuse it, and lone surrogates have no form in UTF-8: two different thread ids could become one.
const UNSTORABLE = /\0|\p{Surrogate}/u;

/**
 * Turns any string into text that every database stores as it is; most strings stay as they are. Two strings never become one.
 * @throws CheckpointError INVALID_ARGUMENT for what is no string
 */
export function toKeyText(key: string): string {
  if (typeof key !== "string") throw new CheckpointError("INVALID_ARGUMENT", `Names and ids must be strings, not ${typeof key}.`);
  return UNSTORABLE.test(key) || key.startsWith(ESCAPE) ? ESCAPE + JSON.stringify(key) : key;
}

/** Undoes {@link toKeyText}. @throws CheckpointError CORRUPT_DATA if the storage holds something else */
export function fromKeyText(text: string): string {
  // Databases that are damaged hold other things than text.
  if (typeof text === "string" && !text.startsWith(ESCAPE)) return text;
  const key = typeof text === "string" ? parsed(text.slice(ESCAPE.length)) : undefined;
  if (typeof key === "string") return key;
  throw new CheckpointError("CORRUPT_DATA", "Saved data is damaged: a key is no text.");
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/**
 * Marks, in saved JSON, an object that stands for something JSON has no word for: `{"~hp": kind, "v": payload}`.
 * A user's object that has this key is itself saved as a tag (kind `object`), so that no data can be taken for one.
 */
export const TAG = "~hp";
/** Text that every saved tag contains: without it, plain `JSON.parse` is the whole decoding. */
export const TAG_TEXT = `"${TAG}"`;

export interface Tagged {
  readonly [TAG]: string;
  readonly v?: unknown;
}

/** Kinds of types registered by others are `+` and their name. */
export const EXTENSION_PREFIX = "+";

/** Places of a list with holes that can be saved: a few characters of text must not become a list that takes minutes to walk through. */
export const MAX_SPARSE_LENGTH = 1_000_000;

/** Nesting that can be saved. Deeper data is nearly always a cycle, and would exhaust the stack of some later reader. */
export const MAX_DEPTH = 500;

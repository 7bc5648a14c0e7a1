import assert from "node:assert/strict";
import { CheckpointError, type CheckpointErrorCode } from "../../index.js";
import type { Item } from "../../store/item.js";

/** Texts that are easily taken for something else: by JavaScript, by SQL, by JSON paths, by drivers, by whoever joins labels. */
export const HOSTILE_TEXTS: readonly string[] = [
  "__proto__",
  "constructor",
  "$where",
  "$",
  "$.a",
  "$[0]",
  "*",
  "%",
  "_",
  "a",
  "b",
  "ab",
  "a.b",
  "a:b",
  "a/b",
  "a|b",
  "a,b",
  'a","b',
  '"',
  "\\",
  "'; DROP TABLE holdpoint_document; --",
  "[]",
  '["a"]',
  "nul\0a",
  "nul\0b",
  "\u0001x",
  "\ud800",
  "\udc00",
  "\ufffd",
  "é😀",
  "e\u0301",
  " ",
  "langgraph",
];

/** An object that has each of these keys for its own, `__proto__` included. */
export function objectOf(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  return Object.fromEntries(entries);
}

/** Where an item stands, for comparing. */
export function placesOf(items: readonly Item[]): string[] {
  return items.map(({ namespace, key }) => `${namespace.join("/")}:${key}`);
}

/** The same where the order does not count. */
export function sortedPlaces(items: readonly Item[]): string[] {
  return placesOf(items).sort();
}

/** Fails unless the promise is rejected, with a CheckpointError of the code if one is given. */
export async function rejects(promise: Promise<unknown>, code?: CheckpointErrorCode): Promise<void> {
  await assert.rejects(promise, (error) => code === undefined || CheckpointError.is(error, code));
}

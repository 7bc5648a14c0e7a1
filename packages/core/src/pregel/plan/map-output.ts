import { OVERWRITE_PREFIX } from "../../constants.js";
import { GraphError } from "../../errors.js";
import { kindOf } from "../../read-options.js";
import type { Write } from "../model/graph-state.js";
import type { Program, ShownKeys } from "../model/program.js";
import { readState } from "./prepare-tasks.js";

/** The part of the state that is shown. */
export function outputValues(shown: ShownKeys, values: Readonly<Record<string, unknown>>): unknown {
  return typeof shown === "string" ? values[shown] : readState(values, shown);
}

/** Tells whether one of these keys is among those shown. */
export function touchesOutput(shown: ShownKeys, keys: Iterable<string>): boolean {
  for (const key of keys) if (shows(shown, key)) return true;
  return false;
}

/**
 * The part of a task's writes that is shown: one object, or a list of them where a key was written more than once. Where one key is shown alone: its
 * value, or a list of values; undefined where it was not written.
 */
export function outputUpdate(shown: ShownKeys, writes: readonly Write[]): unknown {
  const entries: [string, unknown][] = [];
  let repeated = false;
  for (const [channel, value] of writes) {
    const key = channel.startsWith(OVERWRITE_PREFIX) ? channel.slice(OVERWRITE_PREFIX.length) : channel;
    if (!shows(shown, key)) continue;
    repeated ||= entries.some(([name]) => name === key);
    entries.push([key, value]);
  }
  if (typeof shown === "string") return repeated ? entries.map(([, value]) => value) : entries[0]?.[1];
  return repeated ? entries.map(([key, value]) => ({ [key]: value })) : Object.fromEntries(entries);
}

const shows = (shown: ShownKeys, key: string): boolean => (typeof shown === "string" ? shown === key : shown.includes(key));

/**
 * Reads what a caller wants to be shown. Whoever asks for less must not be shown all, so that nothing which is not understood stands for everything.
 * @throws GraphError INVALID_CONFIG
 */
export function readOutputKeys({ name, allKeys }: Program, asked: unknown): ShownKeys {
  if (typeof allKeys === "string")
    throw new GraphError("INVALID_CONFIG", `"${name}" gives out one value, which has no outputKeys. Leave them out.`);
  const keys: unknown[] = Array.isArray(asked) ? [...asked] : [asked];
  const place = keys.findIndex((key) => !allKeys.includes(key as string));
  if (place < 0) return Array.isArray(asked) ? (keys as string[]) : (asked as string);
  throw new GraphError(
    "INVALID_CONFIG",
    `outputKeys must be a key of the state of "${name}", or a list of such, and not ${kindOf(keys[place])}. It has: ${allKeys.join(", ")}.`,
  );
}

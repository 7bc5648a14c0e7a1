import { OVERWRITE_PREFIX, RETURN } from "../constants.js";
import type { Write } from "./graph-state.js";
import { readState } from "./prepare-tasks.js";
import type { Program } from "./program.js";

/** The part of the state that results and the stream mode `values` show. */
export function outputValues(program: Program, values: Record<string, unknown>): Record<string, unknown> {
  return readState(values, program.outputKeys ?? program.stateKeys);
}

/** Tells whether one of these keys is among those shown. */
export function touchesOutput(program: Program, keys: Iterable<string>): boolean {
  const shown = program.outputKeys ?? program.stateKeys;
  for (const key of keys) if (shown === undefined || shown.includes(key)) return true;
  return false;
}

/** A task's writes as the stream mode `updates` shows them: one object, or a list of them where a key was written more than once. */
export function outputUpdate(program: Program, writes: readonly Write[]): unknown {
  const shown = program.outputKeys ?? program.stateKeys;
  const entries: [string, unknown][] = [];
  let repeated = false;
  for (const [channel, value] of writes) {
    if (channel === RETURN) return value;
    const key = channel.startsWith(OVERWRITE_PREFIX) ? channel.slice(OVERWRITE_PREFIX.length) : channel;
    if (!(key in program.channels) || (shown !== undefined && !shown.includes(key))) continue;
    repeated ||= entries.some(([name]) => name === key);
    entries.push([key, value]);
  }
  return repeated ? entries.map(([key, value]) => ({ [key]: value })) : Object.fromEntries(entries);
}

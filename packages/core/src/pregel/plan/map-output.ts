import { OVERWRITE_PREFIX } from "../../constants.js";
import type { Write } from "../model/graph-state.js";
import type { Program } from "../model/program.js";
import { readState } from "./prepare-tasks.js";

/** The part of the state that results and the stream mode `values` show. */
export function outputValues(program: Program, values: Record<string, unknown>): unknown {
  return program.resultKey === undefined ? readState(values, program.outputKeys) : values[program.resultKey];
}

/** Tells whether one of these keys is among those shown. */
export function touchesOutput(program: Program, keys: Iterable<string>): boolean {
  for (const key of keys) if (program.outputKeys.includes(key)) return true;
  return false;
}

/** A task's writes as the stream mode `updates` shows them: one object, or a list of them where a key was written more than once. */
export function outputUpdate(program: Program, writes: readonly Write[]): unknown {
  const entries: [string, unknown][] = [];
  let repeated = false;
  for (const [channel, value] of writes) {
    const key = channel.startsWith(OVERWRITE_PREFIX) ? channel.slice(OVERWRITE_PREFIX.length) : channel;
    if (key === program.resultKey) return value;
    if (!program.outputKeys.includes(key)) continue;
    repeated ||= entries.some(([name]) => name === key);
    entries.push([key, value]);
  }
  return repeated ? entries.map(([key, value]) => ({ [key]: value })) : Object.fromEntries(entries);
}

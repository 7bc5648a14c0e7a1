import { nearest } from "@holdpoint/checkpoint";
import { GraphError } from "../../errors.js";
import { BOOLEAN, type Kind, kindOf, MILLISECONDS, OBJECT, oneOf, STOPS } from "../../read-options.js";
import type { GraphConfig } from "../model/graph-config.js";
import type { Program } from "../model/program.js";
import { TASK_CONTEXT } from "../model/runtime.js";

/** What stops a run, or keeps it: a config may carry any key, but none that is nearly one of these. */
const GUARDS: readonly string[] = [
  "interruptBefore",
  "interruptAfter",
  "durability",
  "checkpointDuring",
  "multitaskStrategy",
  "recursionLimit",
  "maxConcurrency",
] satisfies (keyof GraphConfig)[];

const KINDS: readonly (readonly [key: keyof GraphConfig, kind: Kind])[] = [
  ["configurable", OBJECT],
  ["metadata", OBJECT],
  ["durability", oneOf("sync", "async", "exit")],
  ["checkpointDuring", BOOLEAN],
  ["multitaskStrategy", oneOf("reject", "enqueue")],
  ["interruptBefore", STOPS],
  ["interruptAfter", STOPS],
];

/**
 * Checks what a caller says of a run. Keys that are not known go on to nodes, models and traces, as in LangChain; but a breakpoint under a misspelt name is
 * one that does not stop.
 * @throws GraphError INVALID_CONFIG, UNKNOWN_NODE
 */
export function checkConfig(program: Program, config: GraphConfig | null | undefined): void {
  if (config === undefined || config === null || TASK_CONTEXT in Object(config)) return;
  if (!OBJECT[1](config)) throw invalid(`The config of a run must be an object, not ${kindOf(config)}.`);
  for (const key of Object.keys(config)) if (!KNOWN.has(key)) refuseSlip(key);
  for (const [key, [words, is]] of KINDS) {
    const value = config[key];
    if (value !== undefined && value !== null && !is(value)) throw invalid(`${key} must be ${words}, not ${kindOf(value)}.`);
  }
  for (const stops of [config.interruptBefore, config.interruptAfter]) if (Array.isArray(stops)) checkStops(program, stops);
}

/** The keys that most configs have: whether another one is a slip takes a while to tell. */
const KNOWN: ReadonlySet<string> = new Set([
  ...GUARDS,
  ...["configurable", "metadata", "callbacks", "tags", "signal", "timeout", "context", "store", "runName", "runId", "outputKeys"],
]);

function refuseSlip(key: string): void {
  const meant = nearest(key, GUARDS);
  if (meant !== undefined) throw invalid(`The config has "${key}", which nothing reads: did you mean ${meant}?`);
}

function checkStops({ nodes, name }: Program, stops: readonly string[]): void {
  const unknown = stops.find((stop) => !nodes.has(stop));
  if (unknown === undefined) return;
  throw new GraphError(
    "UNKNOWN_NODE",
    `interruptBefore or interruptAfter names "${unknown}", which is no node of "${name}". It has: ${[...nodes.keys()].join(", ")}.`,
  );
}

/** A limit that is no number would bound nothing. */
export function checkLimits({ recursionLimit, maxConcurrency, timeout }: GraphConfig): void {
  checkLimit("recursionLimit", recursionLimit);
  checkLimit("maxConcurrency", maxConcurrency);
  if (timeout !== undefined && timeout !== null && !MILLISECONDS[1](timeout))
    throw invalid(`timeout is ${kindOf(timeout)}, but must be milliseconds, 0 or more. Leave it out for none.`);
}

/** @throws GraphError INVALID_CONFIG */
export function checkLimit(name: string, limit: number | null | undefined): void {
  if (limit === undefined || limit === null) return;
  if (typeof limit === "number" && limit >= 1 && (Number.isInteger(limit) || limit === Number.POSITIVE_INFINITY)) return;
  throw invalid(`${name} is ${kindOf(limit)}, but must be a whole number from 1 up. Leave it out for the default.`);
}

const invalid = (message: string): GraphError => new GraphError("INVALID_CONFIG", message);

import { nearest } from "@holdpoint/checkpoint";
import { GraphError } from "../errors.js";
import type { DecisionGate } from "../pregel/model/decision-gate.js";
import type { RetryPolicy } from "../pregel/model/program.js";
import {
  AMOUNT,
  ANYTHING,
  BOOLEAN,
  FUNCTION,
  type Kind,
  kindOf,
  MILLISECONDS,
  NAMES,
  OBJECT,
  readOptions,
  STOPS,
  TEXT,
} from "../read-options.js";
import type { NodeDefaults, OwnStateOptions } from "./node.js";
import type { CompileOptions, StateGraphOptions } from "./options.js";

const hasMethods =
  (...names: readonly string[]) =>
  (value: unknown): boolean =>
    typeof value === "object" && value !== null && names.every((name) => typeof (value as Record<string, unknown>)[name] === "function");

export const CHECKPOINTER: Kind = [
  "a saver, such as new MemorySaver(), or true or false",
  (value) => typeof value === "boolean" || hasMethods("getTuple", "put", "putWrites")(value),
];
export const STORE: Kind = ["a store, such as new InMemoryStore()", hasMethods("get", "put")];
const CODE_CHANGE: Kind = [
  '"warn", "refuse", "allow" or a function',
  (value) => typeof value === "function" || (typeof value === "string" && ["warn", "refuse", "allow"].includes(value)),
];

/** What is done here instead of keeping what a node gave for other runs. */
export const NO_CACHE = "nothing is kept from run to run here; within one, task() keeps what was done";

const COMPILE = {
  checkpointer: CHECKPOINTER,
  store: STORE,
  interruptBefore: STOPS,
  interruptAfter: STOPS,
  authorize: FUNCTION,
  approvals: OBJECT,
  onCodeChange: CODE_CHANGE,
  strict: BOOLEAN,
  name: TEXT,
  description: ["a text", (value) => typeof value === "string"],
} as const satisfies Record<keyof CompileOptions, Kind>;

/** @throws GraphError INVALID_OPTIONS */
export function checkCompileOptions(given: CompileOptions | null | undefined): CompileOptions {
  const options = readOptions("compile()", given, COMPILE, {
    cache: NO_CACHE,
    transformers: "streams of version v3 are not there",
    debug: 'look at the stream mode "debug"',
  });
  checkGate(options.approvals);
  return options;
}

const GATE = {
  terms: FUNCTION,
  requester: FUNCTION,
  due: FUNCTION,
  judge: FUNCTION,
  journal: BOOLEAN,
} as const satisfies Record<keyof DecisionGate, Kind>;

/**
 * A gate may be more than the engine reads of it; but a hook with a name that is nearly the engine's is one that would never be asked.
 * @throws GraphError INVALID_OPTIONS
 */
export function checkGate(gate: DecisionGate | undefined): void {
  if (gate === undefined) return;
  const known = Object.keys(GATE);
  for (const key of Object.keys(gate)) {
    const meant = known.includes(key) ? undefined : nearest(key, known);
    if (meant !== undefined)
      throw new GraphError("INVALID_OPTIONS", `The gate in compile({ approvals }) has "${key}", which nobody asks: did you mean ${meant}?`);
  }
  for (const [key, [words, is]] of Object.entries(GATE)) {
    const value = gate[key as keyof DecisionGate];
    if (value !== undefined && !is(value))
      throw new GraphError("INVALID_OPTIONS", `"${key}" of the gate in compile({ approvals }) must be ${words}, not ${kindOf(value)}.`);
  }
}

const NODE = {
  ends: NAMES,
  retryPolicy: OBJECT,
  timeout: MILLISECONDS,
  defer: BOOLEAN,
  metadata: OBJECT,
  input: ANYTHING,
  errorHandler: FUNCTION,
} as const satisfies Record<keyof OwnStateOptions, Kind>;

/** @throws GraphError INVALID_OPTIONS */
export function checkNodeOptions(name: string, given: OwnStateOptions | null | undefined): OwnStateOptions {
  const where = `addNode("${name}")`;
  const options = readOptions(where, given, NODE, {
    retry: "it is called retryPolicy",
    cachePolicy: NO_CACHE,
    tracePolicy: "traces show what LangChain's handlers are given",
    subgraphs: "leave it out: graphs that a node calls are found when it does",
  });
  return options.retryPolicy === undefined ? options : { ...options, retryPolicy: checkRetryPolicy(where, options.retryPolicy) };
}

const DEFAULTS = { retryPolicy: OBJECT, timeout: MILLISECONDS, errorHandler: FUNCTION } as const satisfies Record<keyof NodeDefaults, Kind>;

/**
 * Reads what nodes do by default; keys that are undefined say nothing.
 * @throws GraphError INVALID_OPTIONS
 */
export function checkNodeDefaults(given: NodeDefaults): NodeDefaults {
  const { retryPolicy, ...options } = readOptions("setNodeDefaults()", given, DEFAULTS, { cachePolicy: NO_CACHE });
  const said = { ...options, retryPolicy: checkRetryPolicy("setNodeDefaults()", retryPolicy) };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}

const RETRY = {
  maxAttempts: AMOUNT,
  initialInterval: MILLISECONDS,
  backoffFactor: AMOUNT,
  maxInterval: MILLISECONDS,
  jitter: BOOLEAN,
  retryOn: FUNCTION,
} as const satisfies Record<keyof RetryPolicy, Kind>;

/** @throws GraphError INVALID_OPTIONS */
export function checkRetryPolicy(where: string, given: RetryPolicy | null | undefined): RetryPolicy | undefined {
  if (given === undefined || given === null) return undefined;
  // Nothing is logged here either way.
  const { logWarning: _, ...policy } = given as RetryPolicy & { logWarning?: unknown };
  return readOptions(`the retry policy of ${where}`, OBJECT[1](given) ? policy : given, RETRY);
}

const GRAPH = { input: ANYTHING, output: ANYTHING, context: ANYTHING } as const;

/** @throws GraphError INVALID_OPTIONS */
export function checkGraphOptions(given: StateGraphOptions | null | undefined): StateGraphOptions {
  // Types alone, in LangGraph: they say nothing that is to be done.
  const { interrupt: _i, writer: _w, nodes: _n, ...options } = (given ?? {}) as Record<string, unknown>;
  return readOptions("new StateGraph()", options as StateGraphOptions, GRAPH, {
    contextSchema: "it is called context",
    configSchema: "it is called context",
  });
}

const ENTRYPOINT = {
  name: TEXT,
  checkpointer: CHECKPOINTER,
  store: STORE,
  retry: OBJECT,
  timeout: MILLISECONDS,
  approvals: OBJECT,
  authorize: FUNCTION,
  strict: BOOLEAN,
} as const;

/** @throws GraphError INVALID_OPTIONS */
export function checkEntrypointOptions<Options extends { readonly retry?: RetryPolicy; readonly approvals?: DecisionGate }>(
  given: Options,
): Options {
  const options = readOptions("entrypoint()", given, ENTRYPOINT, {
    cache: NO_CACHE,
    retryPolicy: "it is called retry",
    contextSchema: "check the context in the function",
  });
  checkGate(options.approvals);
  return { ...options, retry: checkRetryPolicy("entrypoint()", options.retry) };
}

const TASK = { name: TEXT, retry: OBJECT, timeout: MILLISECONDS, key: FUNCTION, hidden: BOOLEAN } as const;

/** @throws GraphError INVALID_OPTIONS */
export function checkTaskOptions<Options extends { readonly retry?: RetryPolicy }>(given: Options): Options {
  const options = readOptions("task()", given, TASK, {
    cachePolicy: NO_CACHE,
    retryPolicy: "it is called retry",
  });
  return { ...options, retry: checkRetryPolicy("task()", options.retry) };
}

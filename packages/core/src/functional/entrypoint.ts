import { type BaseStore, type CheckpointSaver, hash128 } from "@holdpoint/checkpoint";
import { EphemeralValue } from "../channels/ephemeral-value.js";
import { LastValue } from "../channels/last-value.js";
import { BRANCH_PREFIX, END, START } from "../constants.js";
import { GraphError } from "../errors.js";
import { checkEntrypointOptions } from "../graph/check-options.js";
import { drawableGraph } from "../graph/drawable-graph.js";
import { checkNodeName } from "../graph/validate.js";
import { isGenerator } from "../is-generator.js";
import { CompiledGraph } from "../pregel/compiled-graph.js";
import { currentTask } from "../pregel/context/run-context.js";
import type { Authorize, DecisionGate } from "../pregel/model/decision-gate.js";
import type { Write } from "../pregel/model/graph-state.js";
import type { Program, RetryPolicy } from "../pregel/model/program.js";
import type { Runtime } from "../pregel/model/runtime.js";
import { ANYTHING, readOptions } from "../read-options.js";
import { strictProgram } from "../strict/strict-program.js";

const INPUT = "__input__";
const RESULT = "__result__";
const PREVIOUS = "__previous__";

export interface EntrypointOptions {
  readonly name: string;
  readonly checkpointer?: CheckpointSaver | boolean;
  /** As in `compile`. */
  readonly store?: BaseStore;
  /** Tries a failed run of the function again. Default: no second attempt. */
  readonly retry?: RetryPolicy;
  /** Milliseconds that each attempt may take; then it fails (NODE_TIMEOUT), and the signal of its runtime is aborted. Default: no limit. */
  readonly timeout?: number;
  /** As in `compile`: a policy of `@holdpoint/approvals`, or your own. */
  readonly approvals?: DecisionGate;
  /** As in `compile`. */
  readonly authorize?: Authorize;
  /** As in `compile`: the input and the previous state are frozen. */
  readonly strict?: boolean;
}

/** What `entrypoint.final` makes: the result of this run, and what the next one finds as the previous state. */
export class Final<Value = unknown, Save = unknown> {
  readonly value: Value;
  readonly save: Save;

  constructor(parts: { value: Value; save: Save }) {
    this.value = parts.value;
    this.save = parts.save;
  }
}

/** A function with durable tasks and interrupts, that runs like a graph of one node. */
export type Entrypoint<Input, Output> = CompiledGraph<Output extends Final<infer Value, infer _Save> ? Value : Output, Input, string>;

function makeEntrypoint<Input, Output>(
  options: string | EntrypointOptions,
  run: (input: Input, runtime: Runtime) => Output | Promise<Output>,
): Entrypoint<Input, Output> {
  const { name, checkpointer, store, retry, timeout, approvals, authorize, strict } = readEntrypoint(options, run);
  const body = async (state: unknown, runtime: Runtime) => {
    return asUpdate(await run((state as Record<string, unknown>)[INPUT] as Input, runtime));
  };
  const entry: Write = [BRANCH_PREFIX + name, null];
  const node = {
    name,
    index: 0,
    entry,
    run: body,
    reads: undefined,
    retry,
    timeout,
    defer: false,
    metadata: undefined,
    fingerprint: () => hash128(String(run)),
    writes: [],
    branches: [],
  };
  const channels = Object.assign(Object.create(null), {
    [INPUT]: new EphemeralValue(),
    [RESULT]: new LastValue(),
    [PREVIOUS]: new LastValue(),
  });
  const program: Program = {
    name,
    nodes: new Map([[name, node]]),
    entries: new Map([[entry[0], name]]),
    start: { writes: [entry], branches: [] },
    channels,
    joins: {},
    stateKeys: undefined,
    inputKeys: undefined,
    outputKeys: RESULT,
    allKeys: RESULT,
    inputKey: INPUT,
    asUpdate,
    ephemeralKeys: [INPUT],
    unsavedKeys: [],
    inputSchemas: {},
    valueSchemas: {},
    contextSchema: undefined,
    interruptBefore: [],
    interruptAfter: [],
  };
  const drawing = drawableGraph(
    [{ id: name, name }],
    [
      { source: START, target: name, conditional: false },
      { source: name, target: END, conditional: false },
    ],
  );
  return new CompiledGraph({
    program: strict ? strictProgram(program) : program,
    checkpointer,
    store,
    gate: approvals,
    authorize,
    subgraphs: new Map(),
    drawing: () => drawing,
  });
}

/** What the function returned, as the state keeps it: what this run gives, and what the next one finds. */
const asUpdate = (returned: unknown): Record<string, unknown> =>
  returned instanceof Final ? { [RESULT]: returned.value, [PREVIOUS]: returned.save } : { [RESULT]: returned, [PREVIOUS]: returned };

function readEntrypoint(options: string | EntrypointOptions, run: unknown): EntrypointOptions {
  const read = typeof options === "string" ? { name: options } : checkEntrypointOptions(options);
  checkNodeName(read.name, new Set(), new Set());
  if (typeof run === "function" && !isGenerator(run)) return read;
  if (typeof run === "function")
    throw new GraphError(
      "INVALID_GRAPH",
      `The entrypoint "${read.name}" is a generator, of which there is no result. Report its parts with runtime.writer.`,
    );
  throw new GraphError(
    "INVALID_GRAPH",
    `The entrypoint "${read.name}" needs the function that it runs: entrypoint("${read.name}", async (input) => …).`,
  );
}

/**
 * Makes a durable workflow of a plain function: it may call `task()`s and `interrupt()`, and is run, resumed and inspected like a graph.
 * `entrypoint.final({ value, save })` returns one value and keeps another for the next run (`getPreviousState`). `updateState` takes what the
 * function could have returned.
 * @throws GraphError INVALID_OPTIONS, INVALID_GRAPH, RESERVED_NAME
 * @example
 * ```ts
 * import { entrypoint, interrupt, MemorySaver, task } from "@holdpoint/core";
 * const write = task("write", async (topic: string) => `An essay on ${topic}`);
 * const essay = entrypoint({ name: "essay", checkpointer: new MemorySaver() }, async (topic: string) => {
 *   const text = await write(topic);
 *   return { text, approved: interrupt<boolean>({ text, question: "Publish?" }) };
 * });
 * ```
 */
export const entrypoint = Object.assign(makeEntrypoint, {
  final: <Value, Save>(parts: { value: Value; save: Save }): Final<Value, Save> =>
    new Final(readOptions("entrypoint.final()", parts, { value: ANYTHING, save: ANYTHING })),
});

/** Gives what the entrypoint's last run in this thread kept; undefined in the first. */
export function getPreviousState<State = unknown>(): State | undefined {
  return currentTask()?.run.state.values[PREVIOUS] as State | undefined;
}

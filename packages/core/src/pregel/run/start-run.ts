import type { BaseStore, CheckpointSaver } from "@holdpoint/checkpoint";
import { NAMESPACE_END, NAMESPACE_SEPARATOR, REQUESTER } from "../../constants.js";
import { GraphError } from "../../errors.js";
import { kindOf } from "../../read-options.js";
import type { Soon } from "../../soon.js";
import { describeIssues, type StandardSchema } from "../../state/standard-schema.js";
import { currentBridge } from "../context/bridge.js";
import { currentTask, type GraphRun, type Outlet, outermost, type TaskContext } from "../context/run-context.js";
import type { Authorize, DecisionGate } from "../model/decision-gate.js";
import { DEFAULT_DURABILITY } from "../model/default-durability.js";
import type { GraphConfig, InvokeOptions } from "../model/graph-config.js";
import { NOTHING_NEXT } from "../model/graph-state.js";
import type { Program, ShownKeys } from "../model/program.js";
import { TASK_CONTEXT } from "../model/runtime.js";
import { readOutputKeys } from "../plan/map-output.js";
import { Fence } from "../save/fence.js";
import { Persistence } from "../save/persistence.js";
import { ownThread } from "../thread/thread-guard.js";
import { checkConfig, checkLimits } from "./check-config.js";

/** What a compiled graph gives to each of its runs. */
export interface RunnableGraph {
  readonly program: Program;
  /** A saver; true: keeps a state of its own from call to call inside of another graph; false: saves nothing there. */
  readonly checkpointer: CheckpointSaver | boolean | undefined;
  readonly store: BaseStore | undefined;
  readonly gate?: DecisionGate | undefined;
  readonly authorize?: Authorize | undefined;
}

/** The task whose runtime was handed on as a config. */
export const handedOn = (config: GraphConfig | undefined): TaskContext | undefined =>
  (config as { [TASK_CONTEXT]?: TaskContext } | undefined)?.[TASK_CONTEXT];

/** Where a run is called from: inside of another graph's task, unless the config names a thread of its own. */
export function callerOf(config: GraphConfig | undefined): TaskContext | undefined {
  const caller = handedOn(config) ?? currentTask();
  if (caller === undefined) return undefined;
  const threadId = config?.configurable?.thread_id;
  return threadId === undefined || threadName(threadId) === threadName(caller.run.threadId) ? caller : undefined;
}

/** A thread's name as it is saved: plain JavaScript may number its threads. Undefined where the config names none. */
export function threadName(threadId: unknown): string | undefined {
  // Not a number: what was to be parsed was none, and everybody's thread would be "NaN".
  if (typeof threadId === "number") return Number.isFinite(threadId) ? String(threadId) : undefined;
  return typeof threadId === "string" && threadId !== "" ? threadId : undefined;
}

/**
 * Sets up one run.
 * @param shown what it shows where `outputKeys` does not say
 * @throws GraphError MISSING_THREAD_ID, INVALID_CONFIG
 */
export function createRun(
  graph: RunnableGraph,
  given: InvokeOptions | undefined,
  caller: TaskContext | undefined,
  outlets: readonly Outlet[],
  signal: AbortSignal | undefined,
  shown: ShownKeys = graph.program.outputKeys,
): Soon<GraphRun> {
  const around = caller?.run;
  checkConfig(graph.program, given);
  if (caller !== undefined) refuseOwnThread(graph.program, given, caller);
  // Before anything is awaited: calls are numbered in the order in which they are made.
  const keepsState = graph.checkpointer === true;
  const ns = caller === undefined ? "" : childNamespace(caller, keepsState);
  const config = mergeConfig(given, around?.config, graph.store);
  checkLimits(config);
  const saver = chooseSaver(graph, around);
  const fence = around?.fence ?? new Fence();
  const threadId =
    saver === undefined ? (config.configurable?.thread_id ?? around?.threadId) : (around?.threadId ?? requireThread(graph.program, config));
  const run = {
    program: graph.program,
    config,
    ns,
    nsPath: ns === "" ? [] : ns.split(NAMESPACE_SEPARATOR),
    caller,
    within: (caller ?? currentTask())?.run,
    saver,
    threadId,
    persistence: saver === undefined ? undefined : createPersistence(saver, threadId as string, ns, graph, config, around, fence),
    keepsState,
    fence,
    decisions: around?.decisions ?? new Map(),
    gate: around === undefined ? graph.gate : around.gate,
    authorize: around === undefined ? graph.authorize : around.authorize,
    refusals: around?.refusals ?? [],
    parsed: around?.parsed ?? new Map(),
    terms: around?.terms ?? new Map(),
    tooLate: around?.tooLate ?? [],
    outlets,
    // Asked of this call alone: what a node hands on, or a run inside takes over, says nothing of it.
    shown: given?.outputKeys === undefined ? shown : readOutputKeys(graph.program, given.outputKeys),
    callbacks: config.callbacks,
    signal,
    state: { values: {}, control: NOTHING_NEXT },
    dirty: new Set(),
    results: new Map(),
    late: around?.late ?? new Set<Promise<unknown>>(),
  } satisfies GraphRun;
  return graph.program.contextSchema === undefined ? run : withContext(run, graph.program.contextSchema);
}

async function withContext(run: GraphRun, schema: StandardSchema): Promise<GraphRun> {
  return { ...run, config: { ...run.config, context: await readContext(run.program, schema, run.config.context) } };
}

function createPersistence(
  saver: CheckpointSaver,
  threadId: string,
  ns: string,
  { program, gate }: RunnableGraph,
  config: GraphConfig,
  around: GraphRun | undefined,
  fence: Fence,
): Persistence {
  const durability = durabilityOf(config);
  const parents =
    around?.persistence === undefined ? {} : { ...around.persistence.metadata?.parents, [around.ns]: around.persistence.checkpointId };
  return new Persistence({
    program,
    saver,
    threadId,
    ns,
    durability: durability ?? DEFAULT_DURABILITY,
    fence,
    parents,
    metadata: withoutRequester(config.metadata ?? {}),
    graph: around === undefined ? program.name : outermost(around).program.name,
    requester: around === undefined ? gate?.requester?.(config) : undefined,
  });
}

const durabilityOf = ({ durability, checkpointDuring }: GraphConfig) => durability ?? (checkpointDuring === false ? "exit" : undefined);

/** A graph that is called again from inside of itself, on the thread that it runs in, would mix with itself. */
function refuseOwnThread(program: Program, given: GraphConfig | undefined, caller: TaskContext): void {
  if (given?.configurable?.thread_id === undefined || TASK_CONTEXT in given) return;
  for (let run: GraphRun | undefined = caller.run; run !== undefined; run = run.caller?.run) {
    if (run.program === program) throw ownThread(caller.run.threadId ?? "");
  }
}

/** What a graph inside another one does not say itself, it takes over. */
function mergeConfig(given: GraphConfig | undefined, around: GraphConfig | undefined, store: BaseStore | undefined): GraphConfig {
  const ambient = currentBridge().ambientConfig?.();
  const outer = around ?? ambient;
  if (outer === undefined) return { ...given, store: given?.store ?? store };
  const { interruptBefore: _before, interruptAfter: _after, runName: _name, runId: _id, ...inherited } = outer;
  // Those of the task, or of the model library's component within it, that makes the call: for traces, its child.
  const config: Record<string, unknown> = { ...inherited, callbacks: ambient?.callbacks ?? inherited.callbacks };
  for (const [key, value] of Object.entries(given ?? {})) if (value !== undefined) config[key] = value;
  config.configurable = { ...inherited.configurable, ...given?.configurable };
  config.metadata = { ...inherited.metadata, ...ownMetadata(given?.metadata) };
  // A runtime handed on as config brings the store around, which nobody chose for this graph.
  const isHandedOn = given !== undefined && TASK_CONTEXT in given && given.store === inherited.store;
  config.store = (isHandedOn ? undefined : given?.store) ?? store ?? inherited.store;
  return config as GraphConfig;
}

/** A runtime handed on as config describes the task around in its metadata; that is not the caller's own. */
function ownMetadata(metadata: Readonly<Record<string, unknown>> | undefined): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(metadata ?? {}).filter(([key]) => key !== "thread_id" && key !== "checkpoint_ns" && !key.startsWith("langgraph_")),
  );
}

/** Who requested is what the decision gate says, and nothing that somebody puts into a config. */
function withoutRequester(metadata: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (!(REQUESTER in metadata)) return metadata;
  const { [REQUESTER]: _, ...rest } = metadata;
  return rest;
}

async function readContext(program: Program, schema: StandardSchema, context: unknown): Promise<unknown> {
  const parsed = await schema["~standard"].validate(context ?? {});
  if (parsed.issues === undefined) return parsed.value;
  throw new GraphError(
    "INVALID_CONFIG",
    `The context given to "${program.name}" does not fit its schema: ${describeIssues(parsed.issues)}.`,
    { details: { issues: parsed.issues } },
  );
}

function chooseSaver(graph: RunnableGraph, around: GraphRun | undefined): CheckpointSaver | undefined {
  const { checkpointer } = graph;
  if (checkpointer === true && around?.saver === undefined)
    throw new GraphError(
      "MISSING_CHECKPOINTER",
      `"${graph.program.name}" was compiled with checkpointer: true, which stands for the saver of the graph around, and ${around === undefined ? "there is none" : `"${around.program.name}" has none`}. Pass a saver: compile({ checkpointer: saver }).`,
    );
  if (around !== undefined) return checkpointer === false ? undefined : around.saver;
  return typeof checkpointer === "object" ? checkpointer : undefined;
}

function requireThread(program: Program, config: GraphConfig): string {
  const { thread_id: threadId, checkpoint_ns: ns = "" } = config.configurable ?? {};
  if (ns !== "") {
    throw new GraphError(
      "INVALID_CONFIG",
      `A run starts at the outermost graph, but the config names the subgraph ${kindOf(ns)}. Leave checkpoint_ns out; getState and updateState take it.`,
    );
  }
  const name = threadName(threadId);
  if (name !== undefined) return name;
  throw new GraphError(
    "MISSING_THREAD_ID",
    `"${program.name}" has a checkpointer, so that each run needs the name of its thread: invoke(input, { configurable: { thread_id: "…" } }).`,
  );
}

/** Each call of a graph inside a task has a namespace of its own; with `checkpointer: true` it is the same in every run. */
function childNamespace(caller: TaskContext, lasting: boolean): string {
  const index = caller.subgraphs++;
  const { ns } = caller.scope;
  const base = lasting
    ? ns
        .split(NAMESPACE_SEPARATOR)
        .map((level) => level.split(NAMESPACE_END)[0])
        .join(NAMESPACE_SEPARATOR)
    : ns;
  return index === 0 ? base : `${base}${NAMESPACE_SEPARATOR}${index}`;
}

import type { InterruptOptions } from "../model/interrupt-types.js";
import { type Runtime, TASK_CONTEXT } from "../model/runtime.js";
import type { Task } from "../model/task.js";
import { currentBridge } from "./bridge.js";
import { interruptIn } from "./interrupt.js";
import { emit, type GraphRun, stepUnderWay, type TaskContext, type TaskScopeInfo, wanted } from "./run-context.js";

const NO_TAGS: readonly string[] = Object.freeze([]);
const NONE: readonly never[] = [];

type Made = Mutable<Omit<Runtime, "configurable" | "metadata">> & { readonly [TASK_CONTEXT]: TaskContext };
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * Makes what a node gets as its second argument. The parts that cost something are made when they are read, and what the run does not have is no
 * key of it: model libraries copy a config several times, key by key.
 */
export function createRuntime(run: GraphRun, context: TaskContext, signal: AbortSignal | undefined, callbacks: unknown): Runtime {
  const { config } = run;
  const limit = config.recursionLimit ?? 25;
  const made = {
    writer: (chunk) => emit(run, "custom", chunk),
    interrupt: (value: unknown, options?: InterruptOptions) => interruptIn(context, value, options),
    tags: config.tags ?? NO_TAGS,
    recursionLimit: limit,
    remainingSteps: run.stepsLeft ?? limit,
    [TASK_CONTEXT]: context,
  } as Made;
  const inside = run.outlets.length > 0 && wanted(run, "messages") ? withMessages(run, context, callbacks) : callbacks;
  if (config.context !== undefined) made.context = config.context;
  if (signal !== undefined) made.signal = signal;
  if (config.store !== undefined) made.store = config.store;
  if (inside !== undefined) made.callbacks = inside;
  // Own and enumerable, since model libraries copy a config key by key. Not as getters of the literal: these would be closures of their own for
  // each task, and cost as much as all the rest of a step.
  Object.defineProperty(made, "configurable", CONFIGURABLE);
  Object.defineProperty(made, "metadata", METADATA);
  const runtime = made as Made & Runtime;
  context.runtime = runtime;
  return runtime;
}

const CONFIGURABLE = {
  enumerable: true,
  configurable: true,
  get(this: Made): Runtime["configurable"] {
    const context = this[TASK_CONTEXT];
    context.configurable ??= { ...context.run.config.configurable, checkpoint_ns: context.scope.ns };
    return context.configurable;
  },
};

const METADATA = {
  enumerable: true,
  configurable: true,
  get(this: Made): Runtime["metadata"] {
    const context = this[TASK_CONTEXT];
    const { run } = context;
    context.metadata ??= allMetadata(run, context);
    return context.metadata;
  },
};

/** What the call and the node say, and where the task stands. */
const allMetadata = (run: GraphRun, context: TaskContext): Record<string, unknown> => ({
  ...run.config.metadata,
  ...(context.scope as Partial<Task>).node?.metadata,
  ...describeTask(run, context),
});

/** The metadata that LangGraph's users and tracers know. */
export function describeTask(run: GraphRun, context: TaskContext): Record<string, unknown> {
  const { name, ns, triggers = NONE, path = NONE } = context.scope as TaskScopeInfo & Partial<Task>;
  const described = {
    langgraph_step: stepUnderWay(run),
    langgraph_node: name,
    langgraph_triggers: triggers,
    langgraph_path: path,
    langgraph_checkpoint_ns: ns,
    checkpoint_ns: ns,
  };
  return run.threadId === undefined ? described : { thread_id: run.threadId, ...described };
}

/** A model that was given tags of its own does not repeat the run's. */
function withTags(metadata: Record<string, unknown>, tags: readonly string[]): Record<string, unknown> {
  if (tags.length === 0) return metadata;
  const own = Array.isArray(metadata.tags) ? (metadata.tags as readonly string[]) : NO_TAGS;
  return { ...metadata, tags: [...new Set([...tags, ...own])] };
}

function withMessages(run: GraphRun, context: TaskContext, callbacks: unknown): unknown {
  const described = allMetadata(run, context);
  const { tags = NO_TAGS } = run.config;
  // A model reports each of its pieces with the same metadata: they are put together once, and each piece gets a copy of its own.
  let last: Record<string, unknown> | undefined;
  let merged: Record<string, unknown> = withTags(described, tags);
  const emitMessage = (message: unknown, metadata: Record<string, unknown>) => {
    if (metadata !== last) merged = withTags({ ...described, ...metadata }, tags);
    last = metadata;
    emit(run, "messages", [message, { ...merged }]);
  };
  context.follower = currentBridge().followMessages?.({ ns: context.scope.ns, input: context.input, callbacks, emit: emitMessage });
  return context.follower?.callbacks ?? callbacks;
}

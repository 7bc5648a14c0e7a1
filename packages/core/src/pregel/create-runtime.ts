import { currentBridge } from "./bridge.js";
import { interruptIn } from "./interrupt.js";
import type { NodeSpec } from "./program.js";
import { emit, type GraphRun, stepUnderWay, type TaskContext, wanted } from "./run-context.js";
import { type Runtime, TASK_CONTEXT } from "./runtime.js";
import type { Task } from "./task.js";

const NO_TAGS: readonly string[] = [];

/** Makes what a node gets as its second argument. The parts that cost something are made when they are read. */
export function createRuntime(
  run: GraphRun,
  context: TaskContext,
  node: Pick<NodeSpec, "metadata">,
  signal: AbortSignal | undefined,
  callbacks: unknown,
): Runtime {
  const { config } = run;
  let configurable: Record<string, unknown> | undefined;
  let metadata: Record<string, unknown> | undefined;
  const runtime: Runtime & { [TASK_CONTEXT]: TaskContext } = {
    get configurable() {
      configurable ??= { ...config.configurable, checkpoint_ns: context.scope.ns };
      return configurable;
    },
    context: config.context,
    signal,
    store: config.store,
    writer: (chunk) => emit(run, "custom", chunk),
    interrupt: (value, options) => interruptIn(context, value, options),
    get metadata() {
      metadata ??= { ...config.metadata, ...node.metadata, ...describeTask(run, context) };
      return metadata;
    },
    tags: config.tags ?? NO_TAGS,
    callbacks: wanted(run, "messages") ? withMessages(run, context, callbacks) : callbacks,
    recursionLimit: config.recursionLimit ?? 25,
    remainingSteps: run.stepsLeft ?? config.recursionLimit ?? 25,
    [TASK_CONTEXT]: context,
  };
  context.runtime = runtime;
  return runtime;
}

/** The metadata that LangGraph's users and tracers know. */
export function describeTask(run: GraphRun, context: TaskContext): Record<string, unknown> {
  const task = context.scope as Partial<Task>;
  return {
    ...(run.threadId === undefined ? {} : { thread_id: run.threadId }),
    langgraph_step: stepUnderWay(run),
    langgraph_node: context.scope.name,
    langgraph_triggers: task.triggers ?? [],
    langgraph_path: task.path ?? [],
    langgraph_checkpoint_ns: context.scope.ns,
  };
}

function withMessages(run: GraphRun, context: TaskContext, callbacks: unknown): unknown {
  const emitMessage = (message: unknown, metadata: Record<string, unknown>) =>
    emit(run, "messages", [message, { ...describeTask(run, context), ...metadata }]);
  context.follower = currentBridge().followMessages?.({ ns: context.scope.ns, input: context.input, callbacks, emit: emitMessage });
  return context.follower?.callbacks ?? callbacks;
}

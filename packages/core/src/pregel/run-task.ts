import { Command } from "../control/command.js";
import { GraphError } from "../errors.js";
import { sleep } from "./abort.js";
import { currentBridge, type RunObserver } from "./bridge.js";
import { addExitWrites } from "./choose-exits.js";
import { collectWrites } from "./collect-writes.js";
import { createRuntime, describeTask } from "./create-runtime.js";
import type { Write } from "./graph-state.js";
import type { Interrupt } from "./interrupt-types.js";
import { ParentCommandSignal } from "./parent-command.js";
import type { RetryPolicy } from "./program.js";
import { retryDelay, shouldRetry } from "./retry.js";
import { type GraphRun, runInTask, TaskContext } from "./run-context.js";
import type { Runtime } from "./runtime.js";
import { isUnsettled, settleAttempt } from "./settle-attempt.js";
import type { Task } from "./task.js";

/** How one task ended. */
export type TaskOutcome =
  | { readonly kind: "finished"; readonly writes: readonly Write[] }
  | { readonly kind: "interrupted"; readonly interrupts: readonly Interrupt[] }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "parent-command"; readonly command: Command };

/** Runs a task until it finishes, pauses, or fails for good. Never rejects. */
export function runTask(run: GraphRun, task: Task): Promise<TaskOutcome> {
  const { retry } = task.node;
  return retry === undefined ? attemptTask(run, task) : retryTask(run, task, retry);
}

async function retryTask(run: GraphRun, task: Task, retry: RetryPolicy): Promise<TaskOutcome> {
  for (let attempts = 1; ; attempts++) {
    const outcome = await attemptTask(run, task);
    if (outcome.kind !== "failed" || !shouldRetry(retry, attempts, outcome.error)) return outcome;
    try {
      await sleep(retryDelay(retry, attempts, Math.random()), run.signal);
    } catch {
      return outcome;
    }
  }
}

async function attemptTask(run: GraphRun, task: Task): Promise<TaskOutcome> {
  const context = new TaskContext(run, task, task.input);
  const { timeout } = task.node;
  let outcome: TaskOutcome;
  try {
    outcome = timeout === undefined ? await execute(run, task, context, run.signal) : await withTimeout(run, task, context, timeout);
  } catch (error) {
    outcome = { kind: "failed", error };
  }
  if (isUnsettled(context)) {
    try {
      if (await settleAttempt(context)) return await attemptTask(run, task);
    } catch (error) {
      return { kind: "failed", error };
    }
  }
  // Checked last: a caught or overtaken pause is still a pause.
  return context.paused ? { kind: "interrupted", interrupts: context.raised } : outcome;
}

async function withTimeout(run: GraphRun, task: Task, context: TaskContext, timeout: number): Promise<TaskOutcome> {
  const stop = new AbortController();
  const signal = run.signal === undefined ? stop.signal : AbortSignal.any([run.signal, stop.signal]);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new GraphError("NODE_TIMEOUT", `Node "${task.name}" took longer than its timeout of ${timeout} ms.`);
      stop.abort(error);
      reject(error);
    }, timeout);
  });
  try {
    return await Promise.race([execute(run, task, context, signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

function execute(run: GraphRun, task: Task, context: TaskContext, signal: AbortSignal | undefined): Promise<TaskOutcome> {
  const { observe } = currentBridge();
  if (observe !== undefined && run.callbacks !== undefined) return executeObserved(run, task, context, signal, observe);
  return enter(run, task, context, createRuntime(run, context, task.node, signal, run.callbacks));
}

async function executeObserved(
  run: GraphRun,
  task: Task,
  context: TaskContext,
  signal: AbortSignal | undefined,
  observe: Observe,
): Promise<TaskOutcome> {
  const observer = await observeNode(run, context, observe);
  try {
    const outcome = await enter(run, task, context, createRuntime(run, context, task.node, signal, observer?.callbacks ?? run.callbacks));
    await observer?.end(outcome.kind === "finished" ? Object.fromEntries(outcome.writes) : undefined);
    return outcome;
  } catch (error) {
    await observer?.fail(error);
    throw error;
  }
}

/** Runs the node's code so that it finds its task wherever it asks for it. */
function enter(run: GraphRun, task: Task, context: TaskContext, runtime: Runtime): Promise<TaskOutcome> {
  const { runInContext } = currentBridge();
  const body = () => runBody(run, task, context, runtime);
  return runInTask(context, runInContext === undefined ? body : () => runInContext(runtime, body));
}

type Observe = NonNullable<ReturnType<typeof currentBridge>["observe"]>;

function observeNode(run: GraphRun, context: TaskContext, observe: Observe): Promise<RunObserver | undefined> | RunObserver | undefined {
  return observe({
    kind: "node",
    name: context.scope.name,
    input: context.input,
    callbacks: run.callbacks,
    tags: run.config.tags ?? [],
    metadata: { ...run.config.metadata, ...describeTask(run, context) },
    runId: undefined,
  });
}

async function runBody(run: GraphRun, task: Task, context: TaskContext, runtime: Runtime): Promise<TaskOutcome> {
  const { program } = run;
  const { node } = task;
  let returned: unknown;
  try {
    returned = await node.run(task.input, runtime);
  } catch (error) {
    if (!(error instanceof ParentCommandSignal)) throw error;
    const { update, goto } = error.command;
    returned = new Command({ update, goto });
  }
  // A pause that the node caught: nothing that follows from its result was approved.
  if (context.paused) return { kind: "interrupted", interrupts: context.raised };
  context.follower?.returned(returned);
  const result = collectWrites(program, node.name, returned);
  if (result.kind === "parent-command") return result;
  const { writes } = result;
  const choosing = addExitWrites(run, node, node.name, writes, runtime);
  if (choosing !== undefined) await choosing;
  return { kind: "finished", writes };
}

import { Command } from "../../control/command.js";
import { isPromise } from "../../is-promise.js";
import type { Soon } from "../../soon.js";
import { sleep } from "../context/abort.js";
import { currentBridge, type RunObserver } from "../context/bridge.js";
import { createRuntime, describeTask } from "../context/create-runtime.js";
import { type GraphRun, runInTask, TaskContext } from "../context/run-context.js";
import type { RetryPolicy } from "../model/program.js";
import type { Runtime } from "../model/runtime.js";
import type { Task } from "../model/task.js";
import type { TaskOutcome } from "../model/task-outcome.js";
import { collectWrites } from "../plan/collect-writes.js";
import { retryDelay, shouldRetry } from "../plan/retry.js";
import { addExitWrites } from "./choose-exits.js";
import { isParentCommand } from "./parent-command.js";
import { isUnsettled, settleAttempt } from "./settle-attempt.js";
import { withinTime } from "./within-time.js";

// A node that returns at once costs no promise: what may have to be waited for is a value or a promise, and is waited for only if it is one.

/** Runs a task until it finishes, pauses, or fails for good; fails at once where the thread is somebody else's by now. Never rejects. */
export function runTask(run: GraphRun, task: Task): Soon<TaskOutcome> {
  const asking = run.fence.makeSure();
  return asking === undefined ? beginTask(run, task) : beginIfOurs(run, task, asking);
}

function beginTask(run: GraphRun, task: Task): Soon<TaskOutcome> {
  const { retry } = task.node;
  return retry === undefined ? attemptTask(run, task) : retryTask(run, task, retry);
}

const beginIfOurs = async (run: GraphRun, task: Task, asking: Promise<void>): Promise<TaskOutcome> =>
  (await failureOf(asking)) ?? (await beginTask(run, task));

const failureOf = (asking: Promise<void> | undefined): Promise<TaskOutcome | undefined> =>
  Promise.resolve(asking).then(
    () => undefined,
    (error: unknown) => ({ kind: "failed", error }),
  );

async function retryTask(run: GraphRun, task: Task, retry: RetryPolicy): Promise<TaskOutcome> {
  for (let attempts = 1; ; attempts++) {
    const outcome = await attemptTask(run, task);
    if (outcome.kind !== "failed") return outcome;
    let again: boolean;
    try {
      again = shouldRetry(retry, attempts, outcome.error);
    } catch (error) {
      return { kind: "failed", error };
    }
    if (!again) return outcome;
    try {
      await sleep(retryDelay(retry, attempts, Math.random()), run.signal);
    } catch {
      return outcome;
    }
    const lost = await failureOf(run.fence.makeSure());
    if (lost !== undefined) return lost;
  }
}

function attemptTask(run: GraphRun, task: Task): Soon<TaskOutcome> {
  task.attempts++;
  const context = new TaskContext(run, task, task.input);
  const { timeout } = task.node;
  // Where nothing is around the node's code, whatever ends it settles the attempt too: a promise less.
  const isBare = timeout === undefined && !isObserved(run);
  let outcome: Soon<TaskOutcome>;
  try {
    if (isBare) outcome = enter(run, task, context, createRuntime(run, context, run.signal, run.callbacks), true);
    else if (timeout === undefined) outcome = execute(run, task, context, run.signal);
    else {
      const limit = { what: "Node", name: task.name, timeout, around: run.signal };
      outcome = withinTime(limit, (signal) => execute(run, task, context, signal));
    }
  } catch (error) {
    outcome = { kind: "failed", error };
  }
  if (isPromise(outcome)) return isBare ? outcome : settledOutcome(run, task, context, outcome);
  return isUnsettled(context) ? settledOutcome(run, task, context, outcome) : outcomeOf(context, outcome);
}

/** Waits for the attempt and for what it has started; makes it again where an answer's schema took its time. */
async function settledOutcome(run: GraphRun, task: Task, context: TaskContext, pending: Soon<TaskOutcome>): Promise<TaskOutcome> {
  let outcome: TaskOutcome;
  try {
    outcome = await pending;
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
  return outcomeOf(context, outcome);
}

/** Asked last: a caught or overtaken pause is still a pause. */
const outcomeOf = (context: TaskContext, outcome: TaskOutcome): TaskOutcome =>
  context.paused ? { kind: "interrupted", interrupts: context.raised } : outcome;

const isObserved = (run: GraphRun): boolean => run.callbacks !== undefined && currentBridge().observe !== undefined;

function execute(run: GraphRun, task: Task, context: TaskContext, signal: AbortSignal | undefined): Soon<TaskOutcome> {
  const { observe } = currentBridge();
  if (observe !== undefined && run.callbacks !== undefined) return executeObserved(run, task, context, signal, observe);
  return enter(run, task, context, createRuntime(run, context, signal, run.callbacks));
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
    const outcome = await enter(run, task, context, createRuntime(run, context, signal, observer?.callbacks ?? run.callbacks));
    await observer?.end(outcome.kind === "finished" ? Object.fromEntries(outcome.writes) : undefined);
    return outcome;
  } catch (error) {
    await observer?.fail(error);
    throw error;
  }
}

/**
 * Runs the node's code so that it finds its task wherever it asks for it.
 * @param settles whether a promise that it gives stands for the settled attempt, and never rejects
 */
function enter(run: GraphRun, task: Task, context: TaskContext, runtime: Runtime, settles = false): Soon<TaskOutcome> {
  const { runInContext } = currentBridge();
  const body = () => runBody(run, task, context, runtime, settles);
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

function runBody(run: GraphRun, task: Task, context: TaskContext, runtime: Runtime, settles: boolean): Soon<TaskOutcome> {
  let returned: unknown;
  try {
    returned = task.node.run(task.input, runtime);
  } catch (error) {
    returned = handedOn(error);
  }
  if (!isPromise(returned)) {
    const finished = finish(run, task, context, runtime, returned);
    return settles && isPromise(finished) ? settledOutcome(run, task, context, finished) : finished;
  }
  return settles ? settleLater(run, task, context, runtime, returned) : finishLater(run, task, context, runtime, returned);
}

/** As `finishLater`, and `settledOutcome` after it, in one. */
async function settleLater(
  run: GraphRun,
  task: Task,
  context: TaskContext,
  runtime: Runtime,
  pending: PromiseLike<unknown>,
): Promise<TaskOutcome> {
  let outcome: Soon<TaskOutcome>;
  try {
    let returned: unknown;
    try {
      returned = await pending;
    } catch (error) {
      returned = handedOn(error);
    }
    outcome = finish(run, task, context, runtime, returned);
  } catch (error) {
    outcome = { kind: "failed", error };
  }
  return isPromise(outcome) || isUnsettled(context) ? settledOutcome(run, task, context, outcome) : outcomeOf(context, outcome);
}

async function finishLater(
  run: GraphRun,
  task: Task,
  context: TaskContext,
  runtime: Runtime,
  pending: PromiseLike<unknown>,
): Promise<TaskOutcome> {
  let returned: unknown;
  try {
    returned = await pending;
  } catch (error) {
    returned = handedOn(error);
  }
  return finish(run, task, context, runtime, returned);
}

/** The command that a graph called as a function had for this one; any other error goes on. */
function handedOn(error: unknown): Command {
  if (!isParentCommand(error)) throw error;
  const { update, goto } = error.command;
  return new Command({ update, goto });
}

/** Makes of what the node returned what its task writes, and chooses where it leads. */
function finish(run: GraphRun, { node }: Task, context: TaskContext, runtime: Runtime, returned: unknown): Soon<TaskOutcome> {
  // A pause that the node caught: nothing that follows from its result was approved.
  if (context.paused) return { kind: "interrupted", interrupts: context.raised };
  context.follower?.returned(returned);
  const result = collectWrites(run.program, node.name, returned);
  if (result.kind === "parent-command") return result;
  const { writes } = result;
  if (context.pushed !== undefined) writes.unshift(...context.pushed.filter(([key]) => key in run.program.channels));
  const changes = addExitWrites(run, node, node.name, writes, runtime);
  if (isPromise(changes)) return changes.then((chosen) => ({ kind: "finished", writes, changes: chosen }));
  return { kind: "finished", writes, changes };
}

import { copyData } from "@holdpoint/checkpoint";
import { Command, toCommand } from "../../control/command.js";
import { GraphError } from "../../errors.js";
import { isPromise } from "../../is-promise.js";
import { invalidAnswer } from "../answer/resolve-resume.js";
import { type Bridge, currentBridge } from "../context/bridge.js";
import { follow } from "../context/follow-signal.js";
import { InterruptSignal } from "../context/interrupt.js";
import type { GraphRun, Outlet, TaskContext } from "../context/run-context.js";
import type { GraphConfig, InvokeOptions } from "../model/graph-config.js";
import type { ShownKeys } from "../model/program.js";
import { signalsOf } from "../plan/merge-configs.js";
import { takeThread } from "../thread/take-thread.js";
import type { HeldThread } from "../thread/thread-guard.js";
import { type RunOutcome, runLoop } from "./loop.js";
import { ParentCommandSignal } from "./parent-command.js";
import { createRun, type RunnableGraph } from "./start-run.js";

/** One call of a compiled graph. */
export interface RunCall {
  readonly input: unknown;
  readonly config: InvokeOptions | undefined;
  /** The task that makes it, inside of another graph's run. */
  readonly caller: TaskContext | undefined;
  readonly outlets: readonly Outlet[];
  /** What the run shows where `config.outputKeys` does not say. */
  readonly shown: ShownKeys;
  /** Stops the run, besides the signal that the config or the caller has. */
  readonly cancel?: AbortController;
}

/** A run that is over, and how it ended. */
export interface Executed {
  readonly run: GraphRun;
  readonly outcome: RunOutcome;
}

/** Runs a graph. A run inside of a task belongs to it: the task waits for its end, and pauses when it does. */
export function executeRun(graph: RunnableGraph, call: RunCall): Promise<Executed> {
  return call.caller === undefined ? execute(graph, call) : executeInside(graph, call, call.caller);
}

async function executeInside(graph: RunnableGraph, call: RunCall, caller: TaskContext): Promise<Executed> {
  if (caller.paused) throw new InterruptSignal(caller.raised);
  const executed = await caller.adopt(execute(graph, call));
  const { outcome } = executed;
  if (outcome.kind === "interrupted") {
    caller.pause(outcome.interrupts);
    throw new InterruptSignal(caller.raised);
  }
  if (outcome.kind === "parent-command") throw new ParentCommandSignal(outcome.command);
  return executed;
}

/** Sees to what can stop the run. */
function execute(graph: RunnableGraph, call: RunCall): Promise<Executed> {
  const { config, caller, cancel } = call;
  const [given = caller?.run.signal, ...further] = signalsOf(config);
  const isOwn =
    cancel !== undefined || typeof config?.timeout === "number" || further.length > 0 || (given !== undefined && caller === undefined);
  return isOwn ? executeStoppable(graph, call, [given, ...further]) : runOnThread(graph, call, given);
}

async function executeStoppable(graph: RunnableGraph, call: RunCall, signals: readonly (AbortSignal | undefined)[]): Promise<Executed> {
  const { config, cancel } = call;
  const stop = cancel ?? new AbortController();
  // What is no number is refused when the run is set up.
  const timeout = typeof config?.timeout === "number" ? config.timeout : undefined;
  const releases: (() => void)[] = [];
  try {
    for (const [index, signal] of signals.entries()) releases.push(follow(stop, signal, index === 0 ? timeout : undefined));
    return await runOnThread(graph, call, stop.signal);
  } finally {
    for (const release of releases) release();
  }
}

/** A command that answers is taken as it is at the call: what is checked, what is recorded and what runs are one answer, whoever changes it afterwards. */
function ownInput(input: unknown): unknown {
  const command = toCommand(input);
  if (command?.hasResume !== true) return command ?? input;
  const { resume, update, by, reason, goto, graph } = command;
  return new Command({ resume: copyData(resume), update: copyData(update), by: copyData(by), reason, goto, graph });
}

async function runOnThread(graph: RunnableGraph, call: RunCall, signal: AbortSignal | undefined): Promise<Executed> {
  const { config, caller, outlets, shown } = call;
  const input = ownInput(call.input);
  const creating = createRun(graph, config, caller, outlets, signal, shown);
  const run = isPromise(creating) ? await creating : creating;
  const taking = takeThread(run, input);
  const held = taking === undefined ? undefined : await taking;
  try {
    const outcome = await observed(run, input, config, () => runLoop(run, input, held));
    if (outcome.kind === "parent-command" && caller === undefined) {
      throw new GraphError(
        "INVALID_UPDATE",
        `A node of "${graph.program.name}" returned a Command for the parent graph, but the graph runs by itself.`,
      );
    }
    const [tooLate] = run.tooLate;
    if (tooLate !== undefined) throw tooLate;
    if (caller === undefined && run.refusals.length > 0)
      throw invalidAnswer(run.refusals, outcome.kind === "interrupted" ? outcome.interrupts : []);
    return { run, outcome };
  } finally {
    // Tasks that a stopped run left behind still save what they finish: the thread is free when they have.
    if (run.late.size === 0) await held?.release();
    else void releaseLater(run, held);
  }
}

/** Nobody waits for this release: where the saver fails at it, the lease runs out by itself. */
async function releaseLater(run: GraphRun, held: HeldThread | undefined): Promise<void> {
  await Promise.allSettled(run.late);
  await held?.release().catch(() => undefined);
}

/** Lets callback handlers and tracers follow the run, where there are any. */
function observed(run: GraphRun, input: unknown, config: GraphConfig | undefined, execute: () => Promise<RunOutcome>): Promise<RunOutcome> {
  const { observe } = currentBridge();
  return observe === undefined ? execute() : observedBy(observe, run, input, config, execute);
}

async function observedBy(
  observe: NonNullable<Bridge["observe"]>,
  run: GraphRun & { callbacks: unknown },
  input: unknown,
  config: GraphConfig | undefined,
  execute: () => Promise<RunOutcome>,
): Promise<RunOutcome> {
  const observer = await observe({
    kind: "graph",
    name: config?.runName ?? run.program.name,
    input,
    callbacks: run.callbacks,
    tags: run.config.tags ?? [],
    metadata: { ...(run.threadId === undefined ? {} : { thread_id: run.threadId }), ...run.config.metadata },
    runId: config?.runId,
  });
  if (observer === undefined) return execute();
  (run as { callbacks: unknown }).callbacks = observer.callbacks;
  try {
    const outcome = await execute();
    await observer.end(run.state.values);
    return outcome;
  } catch (error) {
    await observer.fail(error);
    throw error;
  }
}

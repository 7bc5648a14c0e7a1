import { describeThrown } from "@holdpoint/checkpoint";
import { INTERRUPT } from "../../constants.js";
import type { Write } from "../model/graph-state.js";
import type { CheckpointChunk, TaskResultChunk, TaskStartChunk } from "../model/stream-chunk.js";
import type { Task } from "../model/task.js";
import type { TaskOutcome } from "../model/task-outcome.js";
import { type DescribedTask, describeTasks } from "../plan/describe-tasks.js";
import { shownInput } from "../plan/map-input.js";
import { outputUpdate, outputValues } from "../plan/map-output.js";
import { prepareTasks } from "../plan/prepare-tasks.js";
import { emit, type GraphRun, stepUnderWay, type TaskContext, type TaskScopeInfo, wanted } from "./run-context.js";

/** Sends what the modes `tasks` and `debug` show of a task's start. */
export function emitTaskStart(run: GraphRun, task: Task): void {
  if (run.outlets.length === 0) return;
  emitDebug(run, "tasks", "task", (): TaskStartChunk => {
    const { id, name, triggers } = task;
    const input = shownInput(run.program, task.input);
    const metadata = metadataOf(run, task);
    return { id, name, input, triggers, interrupts: [], ...(metadata === undefined ? undefined : { metadata }) };
  });
}

/** Sends what the modes `tasks` and `debug` show of a task's end. */
export function emitTaskEnd(run: GraphRun, task: Task, outcome: TaskOutcome): void {
  emitDebug(
    run,
    "tasks",
    "task_result",
    (): TaskResultChunk => ({
      id: task.id,
      name: task.name,
      result: outcome.kind === "finished" ? outputUpdate(run.program.allKeys, outcome.writes as Write[]) : {},
      interrupts: outcome.kind === "interrupted" ? outcome.interrupts : [],
      error: outcome.kind === "failed" ? describeThrown(outcome.error) : null,
    }),
  );
}

/** As `emitTaskStart`, of a call of `task()`: its input is the list of its arguments. */
export function emitCallStart(run: GraphRun, { id, name }: TaskScopeInfo, input: readonly unknown[]): void {
  if (run.outlets.length === 0) return;
  emitDebug(run, "tasks", "task", (): TaskStartChunk => ({ id, name, input, triggers: [PUSHED], interrupts: [] }));
}

/** As `emitTaskEnd`, of a call of `task()`: its result is what it returned. */
export function emitCallEnd(run: GraphRun, { id, name }: TaskScopeInfo, context: TaskContext, outcome: CallOutcome): void {
  if (run.outlets.length === 0) return;
  emitDebug(
    run,
    "tasks",
    "task_result",
    (): TaskResultChunk => ({
      id,
      name,
      result: "value" in outcome && !context.paused ? outcome.value : {},
      interrupts: context.raised,
      error: "error" in outcome && !context.paused ? describeThrown(outcome.error) : null,
    }),
  );
}

type CallOutcome = { readonly value: unknown } | { readonly error: unknown };

const PUSHED = "__pregel_push";

/** Sends what the modes `checkpoints` and `debug` show of a saved step, also of one that a run goes on from. */
export function emitCheckpoint(run: GraphRun): void {
  if (run.outlets.length === 0) return;
  const { persistence, program, state } = run;
  emitDebug(run, "checkpoints", "checkpoint", (): CheckpointChunk => {
    const scope = { checkpointId: persistence?.checkpointId ?? "", ns: run.ns };
    const tasks = state.control.start === undefined ? prepareTasks(program, state, scope) : describeTasks(state.control, scope);
    return {
      config: persistence?.config ?? { configurable: {} },
      ...(persistence?.parentConfig === undefined ? undefined : { parentConfig: persistence.parentConfig }),
      values: outputValues(program.allKeys, state.values),
      ...(persistence?.metadata === undefined ? undefined : { metadata: persistence.metadata }),
      next: tasks.map(({ name }) => name),
      tasks: tasks.map((task) => dueTask(run, task)),
    };
  });
}

/** A task that is due, with the config that asks for the state of the graph which it runs. */
function dueTask(
  { program, saver, threadId, persistence }: GraphRun,
  { id, resultId, name, path, ns }: Pick<DescribedTask, "id" | "resultId" | "name" | "path" | "ns">,
): CheckpointChunk["tasks"][number] {
  // What the step has done, where a run goes on from it.
  const saved = persistence?.saved.tasks;
  const writes = saved?.get(resultId)?.writes;
  const result = writes === undefined ? undefined : outputUpdate(program.allKeys, writes);
  const { interrupts = [], error } = saved?.get(id) ?? {};
  const done = {
    ...(result === undefined ? undefined : { result }),
    ...(error === undefined || writes !== undefined ? undefined : { error }),
  };
  const due = { id, name, path, interrupts, ...done };
  if (program.nodes.get(name)?.isGraph !== true || saver === undefined) return due;
  return { ...due, state: { configurable: { thread_id: threadId, checkpoint_ns: ns } } };
}

/** Metadata that says where a task stands: the task's chunk says so itself. */
const PLACE = /^(thread_id|checkpoint_(id|ns|map)|langgraph_(step|node|triggers|path|checkpoint_ns))$/;

/** What the call and the node say, for whoever looks on; undefined where that is nothing. */
function metadataOf({ config }: GraphRun, { node }: Task): Record<string, unknown> | undefined {
  const said = Object.entries({ ...config.metadata, ...node.metadata }).filter(([key]) => !PLACE.test(key));
  if (config.tags !== undefined && config.tags.length > 0) said.push(["tags", [...config.tags]]);
  return said.length === 0 ? undefined : Object.fromEntries(said);
}

function emitDebug(run: GraphRun, mode: "tasks" | "checkpoints", type: string, payload: () => unknown): void {
  const plain = wanted(run, mode);
  const debug = wanted(run, "debug");
  if (!plain && !debug) return;
  const made = payload();
  if (plain) emit(run, mode, made);
  if (!debug) return;
  const step = mode === "checkpoints" ? (run.persistence?.metadata?.step ?? stepUnderWay(run)) : stepUnderWay(run);
  emit(run, "debug", { step, type, timestamp: new Date().toISOString(), payload: made });
}

/** Sends the pause as the modes `values` and `updates` show it. */
export function emitPause(run: GraphRun, interrupts: readonly unknown[], atBreakpoint: boolean): void {
  if (run.outlets.length === 0) return;
  if (atBreakpoint) emit(run, "updates", { [INTERRUPT]: interrupts });
  emit(run, "values", { [INTERRUPT]: interrupts });
}

/** Sends the state as the mode `values` shows it. */
export function emitValues(run: GraphRun, values: Readonly<Record<string, unknown>> = run.state.values): void {
  if (run.outlets.length > 0 && wanted(run, "values")) emit(run, "values", outputValues(run.shown, values));
}

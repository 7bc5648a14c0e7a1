import { INTERRUPT } from "../../constants.js";
import type { Command } from "../../control/command.js";
import { isPromise } from "../../is-promise.js";
import { checkCode } from "../answer/code-change.js";
import { journalOutcome } from "../answer/journal-outcome.js";
import { untilAborted } from "../context/abort.js";
import { emitTaskEnd, emitTaskStart } from "../context/debug-events.js";
import { emit, type GraphRun, wanted, withTerms } from "../context/run-context.js";
import { isWatched } from "../context/save-step.js";
import type { Write } from "../model/graph-state.js";
import type { Interrupt } from "../model/interrupt-types.js";
import type { Task } from "../model/task.js";
import type { TaskOutcome } from "../model/task-outcome.js";
import type { TaskWrites } from "../plan/apply-writes.js";
import { joinParentCommands } from "../plan/join-parent-commands.js";
import { outputUpdate } from "../plan/map-output.js";
import type { Persistence } from "../save/persistence.js";
import type { Follows } from "../save/save-queue.js";
import { savedParentCommand, saveParentCommand } from "../save/saved-parent-command.js";
import { stillWaits } from "../save/saved-tasks.js";
import { runHandled } from "./run-handled.js";

/** Some tasks wait; others may have finished. */
export interface PausedStep {
  readonly kind: "interrupted";
  readonly interrupts: readonly Interrupt[];
  readonly finished: readonly TaskWrites[];
}

/** How a step ended: every task finished, or what keeps it from being complete. */
export type StepOutcome =
  | { readonly kind: "finished"; readonly tasks: readonly TaskWrites[] }
  | PausedStep
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "parent-command"; readonly command: Command };

/**
 * Runs the tasks of a step, all at once unless `maxConcurrency` says otherwise. A task whose result is saved is not run, nor is one
 * that still waits for its answer. Each result is saved as it comes, so that a step which stops half-way goes on with the rest.
 * A failing task does not stop the others: what they did must be known before the step is run again.
 */
export function runSuperstep(run: GraphRun, tasks: readonly Task[]): StepOutcome | Promise<StepOutcome> {
  const [only] = tasks;
  return tasks.length === 1 && only !== undefined ? runAlone(run, only) : runTogether(run, tasks);
}

function runAlone(run: GraphRun, task: Task): StepOutcome | Promise<StepOutcome> {
  const { signal } = run;
  if (signal === undefined) return endTask(run, task, true, combineOne);
  const ended = endTask(run, task, true, asItIs);
  // A task that has ended needs no one who listens for a stop, unless it came meanwhile.
  if (!isPromise(ended) && !signal.aborted) return combineOne(task, ended);
  const ending = Promise.resolve(ended);
  const stoppable = untilAborted(ending, signal, () => leaveBehind(run, [task], Promise.all([ending])));
  return stoppable.then((outcome) => combineOne(task, outcome));
}

async function runTogether(run: GraphRun, tasks: readonly Task[]): Promise<StepOutcome> {
  const ended = atMost(run.config.maxConcurrency ?? undefined, tasks, (task) => endTask(run, task, false, asItIs));
  const outcomes = await untilAborted(ended, run.signal, () => leaveBehind(run, tasks, ended));
  return combine(tasks, outcomes);
}

/** What is made of a task's outcome, without a promise of its own. */
type Finally<T> = (task: Task, outcome: TaskOutcome) => T;
const asItIs: Finally<TaskOutcome> = (_, outcome) => outcome;

/** What is saved of the task, or else a run of it. */
function endTask<T>(run: GraphRun, task: Task, alone: boolean, make: Finally<T>): T | Promise<T> {
  const known = knownOutcome(run, task);
  if (known !== undefined) {
    emitOutcome(run, task, known, true);
    return make(task, known);
  }
  emitTaskStart(run, task);
  const outcome = run.caller === undefined ? runHandled(run, task) : runInside(run, task);
  const conclude = (ended: TaskOutcome): T | Promise<T> => {
    const concluded = concludeTask(run, task, ended, alone);
    return isPromise(concluded) ? concluded.then((settled) => make(task, settled)) : make(task, concluded);
  };
  return isPromise(outcome) ? outcome.then(conclude) : conclude(outcome);
}

async function runInside(run: GraphRun, task: Task): Promise<TaskOutcome> {
  return (await refusedCode(run, task)) ?? (await runHandled(run, task));
}

/** Saves and shows how a task ended. Nothing is to be waited for where it is saved with its step. */
function concludeTask(run: GraphRun, task: Task, outcome: TaskOutcome, alone: boolean): TaskOutcome | Promise<TaskOutcome> {
  const journals = run.gate !== undefined && run.gate.journal !== false;
  // A step of one task that pauses ends the run: what follows is the lease's return. Not where a journal is kept: it tells of what is saved.
  const follows = alone && !journals && run.caller === undefined && !isWatched(run) ? "save" : "work";
  const saving = run.persistence === undefined ? undefined : saveOutcome(run, run.persistence, task, outcome, alone, follows);
  if (saving !== undefined || journals) return concludeLater(run, task, outcome, saving, journals);
  emitOutcome(run, task, outcome, false);
  return outcome;
}

async function concludeLater(
  run: GraphRun,
  task: Task,
  outcome: TaskOutcome,
  saving: Promise<unknown> | undefined,
  journals: boolean,
): Promise<TaskOutcome> {
  await saving;
  if (journals) await journalOutcome(run, task, outcome);
  emitOutcome(run, task, outcome, false);
  return outcome;
}

/** Compares a subgraph's code with the code that paused. Of the outermost graph this was asked before the answer was recorded. */
async function refusedCode(run: GraphRun, task: Task): Promise<TaskOutcome | undefined> {
  if (run.persistence === undefined || run.persistence.saved.tasks.size === 0) return undefined;
  try {
    await checkCode(run, task, run.persistence.saved.tasks.get(task.id));
    return undefined;
  } catch (error) {
    return { kind: "failed", error };
  }
}

function knownOutcome(run: GraphRun, task: Task): TaskOutcome | undefined {
  const { persistence, decisions } = run;
  if (persistence === undefined || persistence.saved.tasks.size === 0) return undefined;
  const saved = persistence.saved.tasks.get(task.id);
  const writes = task.since === undefined ? saved?.writes : persistence.saved.tasks.get(task.resultId)?.writes;
  const command = writes === undefined ? undefined : savedParentCommand(writes);
  if (command !== undefined) return { kind: "parent-command", command };
  if (writes !== undefined) return { kind: "finished", writes };
  if (stillWaits(saved, decisions))
    return { kind: "interrupted", interrupts: (saved?.interrupts ?? []).map((asked) => withTerms(run, asked)) };
  return undefined;
}

function saveOutcome(
  run: GraphRun,
  persistence: Persistence,
  task: Task,
  outcome: TaskOutcome,
  alone: boolean,
  follows: Follows,
): Promise<unknown> | undefined {
  if (outcome.kind === "interrupted") return persistence.saveInterrupts(task.id, outcome.interrupts, task.node.fingerprint(), follows);
  if (outcome.kind === "failed") return persistence.saveError(task.id, outcome.error);
  if (outcome.kind === "parent-command" && !alone) return persistence.saveTask(task.resultId, saveParentCommand(outcome.command));
  // The only task of a step is saved with the step's checkpoint, unless the run is being stopped before it.
  if (outcome.kind === "finished" && (!alone || run.signal?.aborted === true)) return persistence.saveTask(task.resultId, outcome.writes);
  return undefined;
}

function emitOutcome(run: GraphRun, task: Task, outcome: TaskOutcome, cached: boolean): void {
  if (run.outlets.length === 0) return;
  if (wanted(run, "updates")) emitUpdate(run, task, outcome, cached);
  emitTaskEnd(run, task, outcome);
}

function emitUpdate(run: GraphRun, task: Task, outcome: TaskOutcome, cached: boolean): void {
  if (outcome.kind === "interrupted") emit(run, "updates", { [INTERRUPT]: outcome.interrupts });
  if (outcome.kind !== "finished") return;
  const update = { [task.name]: outputUpdate(run.shown, outcome.writes as Write[]) };
  emit(run, "updates", cached ? { ...update, __metadata__: { cached: true } } : update);
}

/** Runs `each` for every item, so many at a time; results in the order of the items. */
async function atMost<Item, Result>(
  limit: number | undefined,
  items: readonly Item[],
  each: (item: Item) => Result | Promise<Result>,
): Promise<Result[]> {
  if (limit === undefined || limit >= items.length) return Promise.all(items.map(each));
  const results = new Array<Result>(items.length);
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await each(items[index] as Item);
  };
  await Promise.all(Array.from({ length: Math.max(1, limit) }, worker));
  return results;
}

/** Remembers tasks that a stopped run leaves behind, so that the thread is not free before they have ended and are saved. */
function leaveBehind(run: GraphRun, tasks: readonly Task[], ended: Promise<TaskOutcome[]>): void {
  const saved = saveLate(run, tasks, ended);
  run.late.add(saved);
  const forget = () => run.late.delete(saved);
  saved.then(forget, forget);
}

/** Saves what the run will not get to: a task that was alone, and in the durability mode "exit" every one. */
async function saveLate(run: GraphRun, tasks: readonly Task[], ended: Promise<TaskOutcome[]>): Promise<void> {
  const [outcome] = await ended;
  const [task, ...others] = tasks;
  // The stop may have come in the moment between the end of the task and that of the step. Saving the same twice is saving it once.
  if (task !== undefined && others.length === 0 && outcome?.kind === "finished")
    await run.persistence?.saveTask(task.resultId, outcome.writes);
  await run.persistence?.flush();
}

function combine(tasks: readonly Task[], outcomes: readonly TaskOutcome[]): StepOutcome {
  const failed = outcomes.find((outcome) => outcome.kind === "failed");
  if (failed !== undefined) return failed as StepOutcome;
  const paused = outcomes.filter((outcome) => outcome.kind === "interrupted");
  if (paused.length > 0) {
    const finished = outcomes.flatMap((outcome, index) => (outcome.kind === "finished" ? [writesOf(tasks[index] as Task, outcome)] : []));
    return { kind: "interrupted", interrupts: paused.flatMap(({ interrupts }) => interrupts), finished };
  }
  const [command, ...others] = outcomes.flatMap((outcome) => (outcome.kind === "parent-command" ? [outcome.command] : []));
  if (command !== undefined) return { kind: "parent-command", command: joinParentCommands([command, ...others]) };
  return { kind: "finished", tasks: outcomes.map((outcome, index) => writesOf(tasks[index] as Task, outcome as FinishedTask)) };
}

const NONE: readonly TaskWrites[] = [];

type FinishedTask = Extract<TaskOutcome, { kind: "finished" }>;

const writesOf = ({ name, path }: Task, { writes, changes }: FinishedTask): TaskWrites => ({ name, path, writes, changes });

/** A step of one task ends as its task does. */
const combineOne = (task: Task, outcome: TaskOutcome): StepOutcome =>
  outcome.kind === "finished"
    ? { kind: "finished", tasks: [writesOf(task, outcome)] }
    : outcome.kind === "interrupted"
      ? { ...outcome, finished: NONE }
      : outcome;

import type { CheckpointPendingWrite, Decision } from "@holdpoint/checkpoint";
import { ERROR, INTERRUPT, LEAVING, NULL_TASK_PREFIX, RESUME } from "../../constants.js";
import { isAnswered } from "../model/decisions.js";
import type { KeptResults, Write } from "../model/graph-state.js";
import { Interrupt, type InterruptFields } from "../model/interrupt-types.js";
import type { TaskWrites } from "../plan/apply-writes.js";
import type { DescribedTask } from "../plan/describe-tasks.js";

/** What is saved of one task of an unfinished step. */
export interface SavedTask {
  /** Its writes, where it finished. */
  readonly writes?: readonly Write[];
  /** What it asked, where it paused. */
  readonly interrupts?: readonly Interrupt[];
  readonly error?: unknown;
  /** Fingerprint of the node's code, where it paused. */
  readonly code?: string;
}

/** The saved writes of an unfinished step, by what they mean. */
export interface SavedStep {
  readonly tasks: ReadonlyMap<string, SavedTask>;
  /** Answers by interrupt id. */
  readonly decisions: ReadonlyMap<string, Decision>;
  /** Writes from outside of any task, in the order in which they came. */
  readonly outside: readonly Write[];
  /** Writes that came with answers, and count only as long as these do. */
  readonly answered: readonly Write[];
  /** How many commands these came from. */
  readonly outsideCount: number;
}

const NOTHING: readonly CheckpointPendingWrite[] = [];
export const NOTHING_SAVED: SavedStep = { tasks: new Map(), decisions: new Map(), outside: [], answered: [], outsideCount: 0 };

/** Sorts the writes that stand beside a checkpoint into tasks, answers, and updates from outside. */
export function readSavedStep(pending: readonly CheckpointPendingWrite[] = NOTHING): SavedStep {
  if (pending.length === 0) return NOTHING_SAVED;
  const tasks = new Map<string, { writes?: Write[]; interrupts?: Interrupt[]; error?: unknown }>();
  const decisions = new Map<string, Decision>();
  const outside = new Map<string, Write[]>();
  const taskOf = (id: string) => {
    const task = tasks.get(id) ?? {};
    tasks.set(id, task);
    return task;
  };
  for (const [id, channel, value] of pending) {
    if (channel === RESUME) {
      // Anything else under this channel is another runtime's record of answers.
      if (isDecision(value) && value.interruptId === id) decisions.set(id, value);
    } else if (channel === INTERRUPT) {
      Object.assign(taskOf(id), { interrupts: readInterrupts(value), code: readCode(value) });
    } else if (channel === ERROR) {
      if (value !== null) taskOf(id).error = value;
    } else if (id.startsWith(NULL_TASK_PREFIX)) {
      const writes = outside.get(id);
      if (writes === undefined) outside.set(id, [[channel, value]]);
      else writes.push([channel, value]);
    } else {
      const task = taskOf(id);
      task.writes ??= [];
      task.writes.push([channel, value]);
    }
  }
  const inOrder = [...outside].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, writes]) => writes);
  const withAnswers = [...decisions.values()]
    .filter(({ refused }) => refused === undefined)
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .flatMap((decision) => decision.writes ?? []);
  return { tasks, decisions, outside: inOrder, answered: withAnswers, outsideCount: outside.size };
}

/** The tasks of these that have finished, with what they wrote. */
export function finishedOf(tasks: readonly DescribedTask[], saved: SavedStep): TaskWrites[] {
  return tasks.flatMap(({ resultId, name, path }) => {
    const writes = saved.tasks.get(resultId)?.writes;
    // A command for the graph around is no write of this one.
    return writes === undefined ? [] : [{ name, path, writes: writes.filter(([channel]) => channel !== LEAVING) }];
  });
}

/** The same with results that the checkpoint itself holds. */
export function withKept(saved: SavedStep, kept: KeptResults | undefined): SavedStep {
  if (kept === undefined) return saved;
  const tasks = new Map<string, SavedTask>(kept.results.map(([id, writes]) => [id, { writes }]));
  for (const [id, task] of saved.tasks) tasks.set(id, { ...tasks.get(id), ...task });
  return { ...saved, tasks };
}

const isDecision = (value: unknown): value is Decision =>
  typeof value === "object" && value !== null && "interruptId" in value && "revision" in value;

const readCode = (value: unknown): string | undefined => (Array.isArray(value) ? value : [])[0]?.code;

function readInterrupts(value: unknown): Interrupt[] {
  const list: (Partial<InterruptFields> | null)[] = Array.isArray(value) ? value : [value];
  // Other runtimes, and damage, leave other things than questions.
  const questions = list.filter((one) => typeof one === "object" && one !== null) as Partial<InterruptFields>[];
  return questions.map(
    ({ value: asked, ns = [], id = "", schema, terms, issues, at }) => new Interrupt({ value: asked, ns, id, schema, terms, issues, at }),
  );
}

/** Tells whether a paused task still waits: it has asked, nothing of what it asked is decided, and it did not fail since. */
export function stillWaits(task: SavedTask | undefined, decisions: ReadonlyMap<string, Decision>): boolean {
  if (task?.interrupts === undefined || task.interrupts.length === 0 || task.error !== undefined) return false;
  return task.interrupts.every(({ id }) => !isAnswered(decisions, id));
}

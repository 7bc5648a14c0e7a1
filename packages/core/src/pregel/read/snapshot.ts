import type { CheckpointConfig, CheckpointMetadata, Decision } from "@holdpoint/checkpoint";
import { sortTargets } from "../answer/resume-targets.js";
import type { Write } from "../model/graph-state.js";
import type { Interrupt } from "../model/interrupt-types.js";
import type { Program } from "../model/program.js";
import type { TaskPath } from "../model/task.js";
import type { DescribedTask } from "../plan/describe-tasks.js";
import { outputUpdate } from "../plan/map-output.js";
import type { SavedStep } from "../save/saved-tasks.js";

/** A task that is due, with what is known of it. */
export interface TaskSnapshot {
  readonly id: string;
  readonly name: string;
  readonly path: TaskPath;
  readonly interrupts: readonly Interrupt[];
  readonly error?: unknown;
  /**
   * What it wrote, as far as that is known: of a step under way by the tasks that have finished, of one that is over by the input (`__start__`) and by
   * tasks that were not alone in it. A step's only task is saved with the state that it makes, and not beside it.
   */
  readonly result?: unknown;
  /** The subgraph that it runs: its state where `getState(config, { subgraphs: true })` asked, else the config to ask with. */
  readonly state?: StateSnapshot | CheckpointConfig;
}

/** A thread as it stands after one step. */
export interface StateSnapshot<State = Record<string, unknown>> {
  /**
   * The whole state, whatever the graph's output leaves out; beside it, what nodes have of their own. Of a thread that waits, also what other tasks of
   * the step have written already; of a checkpoint asked for by its id, and in the history, the state that was saved.
   */
  readonly values: State;
  /** Nodes that run next; none when the run is over. */
  readonly next: readonly string[];
  readonly tasks: readonly TaskSnapshot[];
  /** Everything that waits for an answer, of all tasks. */
  readonly interrupts: readonly Interrupt[];
  readonly config: CheckpointConfig;
  readonly parentConfig?: CheckpointConfig;
  /** What was saved with the checkpoint, and its `thread_id`. */
  readonly metadata?: CheckpointMetadata;
  /** ISO 8601. */
  readonly createdAt?: string;
}

export interface SnapshotParts {
  readonly program: Program | undefined;
  readonly values: unknown;
  readonly tasks: readonly DescribedTask[];
  /** What an input wrote that is to be applied next. */
  readonly start?: readonly Write[] | undefined;
  readonly saved: SavedStep;
  /** Answers of the outermost graph's step, which count for every graph inside. */
  readonly decisions: ReadonlyMap<string, Decision>;
  /** True for a step that is over: then everything that it asked is shown, answered or not. */
  readonly past: boolean;
  readonly config: CheckpointConfig;
  readonly parentConfig: CheckpointConfig | undefined;
  readonly metadata: CheckpointMetadata | undefined;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly nested: ReadonlyMap<string, StateSnapshot | CheckpointConfig>;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Puts together what `getState` shows. */
export function makeSnapshot(parts: SnapshotParts): StateSnapshot {
  const { past, tasks } = parts;
  const described = tasks.length === 0 ? [] : tasks.map((task) => taskSnapshot(task, parts));
  // A crash may fall between the last result and its checkpoint: then the whole step is still to come.
  const unfinished = past ? described : described.filter(({ result }) => result === undefined);
  const snapshot: Mutable<StateSnapshot> = {
    values: parts.values as Record<string, unknown>,
    next: (unfinished.length === 0 ? described : unfinished).map(({ name }) => name),
    tasks: described,
    interrupts: past ? [] : described.flatMap(({ interrupts }) => interrupts),
    config: parts.config,
  };
  // Not by spreading what may be there: that costs more than all of the rest.
  if (parts.parentConfig !== undefined) snapshot.parentConfig = parts.parentConfig;
  if (parts.metadata !== undefined) snapshot.metadata = parts.metadata;
  snapshot.createdAt = parts.createdAt;
  return snapshot;
}

function taskSnapshot(
  { id, resultId, name, path }: DescribedTask,
  { program, start, saved, decisions, past, nested }: SnapshotParts,
): TaskSnapshot {
  const known = saved.tasks.get(id);
  const state = nested.get(id);
  const interrupts = past ? (known?.interrupts ?? []) : sortTargets([known], decisions).pending;
  const snapshot: Mutable<TaskSnapshot> = { id, name, path, interrupts };
  const done = resultId === id ? known?.writes : saved.tasks.get(resultId)?.writes;
  if (known?.error !== undefined && done === undefined) snapshot.error = known.error;
  const writes = done ?? (past ? start : undefined);
  const result = writes === undefined || program === undefined ? undefined : outputUpdate(program.allKeys, writes);
  if (result !== undefined) snapshot.result = result;
  if (state !== undefined) snapshot.state = state;
  return snapshot;
}

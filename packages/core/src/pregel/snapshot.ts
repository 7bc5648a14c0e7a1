import type { CheckpointConfig, CheckpointMetadata, CheckpointTuple, Decision } from "@holdpoint/checkpoint";
import { START } from "../constants.js";
import type { Control } from "./graph-state.js";
import type { Interrupt } from "./interrupt-types.js";
import { outputUpdate } from "./map-output.js";
import type { Program } from "./program.js";
import { sortTargets } from "./resume-targets.js";
import type { SavedStep } from "./saved-tasks.js";
import { nestedNamespace, type TaskPath, type TaskScope, taskId } from "./task.js";

/** A task that is due, with what is known of it. */
export interface TaskSnapshot {
  readonly id: string;
  readonly name: string;
  readonly path: TaskPath;
  readonly interrupts: readonly Interrupt[];
  readonly error?: unknown;
  /** What it wrote, where it has finished and its step has not. */
  readonly result?: unknown;
  /** The subgraph that it runs: its state where `getState(config, { subgraphs: true })` asked, else the config to ask with. */
  readonly state?: StateSnapshot | CheckpointConfig;
}

/** A thread as it stands after one step. */
export interface StateSnapshot<State = Record<string, unknown>> {
  readonly values: State;
  /** Nodes that run next; none when the run is over. */
  readonly next: readonly string[];
  readonly tasks: readonly TaskSnapshot[];
  /** Everything that waits for an answer, of all tasks. */
  readonly interrupts: readonly Interrupt[];
  readonly config: CheckpointConfig;
  readonly parentConfig?: CheckpointConfig;
  readonly metadata?: CheckpointMetadata;
  /** ISO 8601. */
  readonly createdAt?: string;
}

export interface DescribedTask {
  readonly id: string;
  readonly name: string;
  readonly path: TaskPath;
  readonly ns: string;
}

/** Names the tasks that are due, without the inputs that `prepareTasks` makes for them. */
export function describeTasks(control: Control, scope: TaskScope): DescribedTask[] {
  const describe = (name: string, path: TaskPath): DescribedTask => {
    const id = taskId(scope, path, name);
    return { id, name, path, ns: nestedNamespace(scope.ns, name, id) };
  };
  if (control.start !== undefined) return [describe(START, ["__pregel_pull", START])];
  return [
    ...control.sends.map(({ node }, index) => describe(node, ["__pregel_push", index])),
    ...control.nodes.map((name) => describe(name, ["__pregel_pull", name])),
  ];
}

export interface SnapshotParts {
  readonly program: Program | undefined;
  readonly values: unknown;
  readonly tasks: readonly DescribedTask[];
  readonly saved: SavedStep;
  /** Answers of the outermost graph's step, which count for every graph inside. */
  readonly decisions: ReadonlyMap<string, Decision>;
  /** True for a step that is over: then everything that it asked is shown, answered or not. */
  readonly past: boolean;
  readonly tuple: CheckpointTuple;
  readonly nested: ReadonlyMap<string, StateSnapshot | CheckpointConfig>;
}

/** Puts together what `getState` shows. */
export function makeSnapshot({ program, values, tasks, saved, decisions, past, tuple, nested }: SnapshotParts): StateSnapshot {
  const described = tasks.map(({ id, name, path }): TaskSnapshot => {
    const known = saved.tasks.get(id);
    const state = nested.get(id);
    const asked = past ? (known?.interrupts ?? []) : sortTargets([known], decisions).pending;
    return {
      id,
      name,
      path,
      interrupts: asked,
      ...(known?.error === undefined || known.writes !== undefined ? {} : { error: known.error }),
      ...(known?.writes === undefined || program === undefined ? {} : { result: outputUpdate(program, known.writes) }),
      ...(state === undefined ? {} : { state }),
    };
  });
  // A crash may fall between the last result and its checkpoint: then the whole step is still to come.
  const unfinished = described.filter(({ result }) => result === undefined);
  return {
    values: values as Record<string, unknown>,
    next: (past || unfinished.length === 0 ? described : unfinished).map(({ name }) => name),
    tasks: described,
    interrupts: past ? [] : described.flatMap(({ interrupts }) => interrupts),
    config: tuple.config,
    ...(tuple.parentConfig === undefined ? {} : { parentConfig: tuple.parentConfig }),
    ...(tuple.metadata === undefined ? {} : { metadata: tuple.metadata }),
    createdAt: tuple.checkpoint.ts,
  };
}

import { type Channel, EMPTY } from "../../channels/channel.js";
import { OVERWRITE_PREFIX } from "../../constants.js";
import { GraphError } from "../../errors.js";
import type { Control, GraphState, Write } from "../model/graph-state.js";
import type { Program } from "../model/program.js";
import type { TaskPath } from "../model/task.js";
import { nextControl } from "./next-control.js";

/** What one step changes: new values by key (EMPTY removes one), and what runs next. */
export interface Changes {
  readonly values: ReadonlyMap<string, unknown>;
  readonly control: Control;
}

export interface TaskWrites {
  readonly name: string;
  readonly path: TaskPath;
  readonly writes: readonly Write[];
  /** What its writes alone do to the values, where that was worked out already. */
  readonly changes?: ReadonlyMap<string, unknown> | undefined;
}

/**
 * Decides what the writes of finished tasks do to the state. Pure: the same tasks in any order of finishing give the same changes, for
 * nodes count in the order of their names, then `Send`s in the order of sending (as in LangGraph).
 * @throws GraphError INVALID_CONCURRENT_GRAPH_UPDATE for two values for one plain key
 */
export function applyWrites(program: Program, state: GraphState, finished: readonly TaskWrites[], kept?: Control): Changes {
  const tasks = inOrder(finished);
  const known = tasks.length === 1 ? (tasks[0] as TaskWrites).changes : undefined;
  return { values: known ?? changeValues(program, state.values, tasks), control: nextControl(program, state.control, tasks, kept) };
}

/** Decides what writes, in this order, do to the values: new ones by key, EMPTY for a key that loses its value. */
export function changeValues(
  program: Program,
  values: Readonly<Record<string, unknown>>,
  tasks: readonly TaskWrites[],
): Map<string, unknown> {
  const changes = new Map<string, unknown>();
  for (const key of program.ephemeralKeys) if (Object.hasOwn(values, key)) changes.set(key, EMPTY);
  const updates = new Map<string, unknown[]>();
  const overwrites = new Map<string, unknown>();
  for (const { writes } of tasks) {
    for (const [name, value] of writes) {
      if (name in program.channels) collect(updates, name, value);
      else if (name.startsWith(OVERWRITE_PREFIX)) overwriteOnce(overwrites, name.slice(OVERWRITE_PREFIX.length), value);
    }
  }
  for (const [key, list] of updates) {
    if (!overwrites.has(key)) changes.set(key, updateChannel(program, values, key, list));
  }
  for (const [key, value] of overwrites) changes.set(key, program.channels[key]?.overwrite?.(value) ?? value);
  return changes;
}

/** The values with the changes; those passed in stay as they are. */
export function changedValues(values: Readonly<Record<string, unknown>>, changes: ReadonlyMap<string, unknown>): Record<string, unknown> {
  const changed = { ...values };
  commitValues(changed, changes);
  return changed;
}

/**
 * The values with what some tasks of a step have written while others wait, to be looked at. As they are where that does not fit together: the step will say
 * so at its end.
 */
export function valuesSoFar(
  program: Program,
  values: Readonly<Record<string, unknown>>,
  finished: readonly TaskWrites[],
): Readonly<Record<string, unknown>> {
  if (finished.length === 0) return values;
  try {
    return changedValues(values, changeValues(program, values, inOrder(finished)));
  } catch {
    return values;
  }
}

/** Puts the changes into the state. */
export function commitChanges(state: GraphState, changes: Changes): void {
  commitValues(state.values, changes.values);
  state.control = changes.control;
}

function commitValues(values: Record<string, unknown>, changes: ReadonlyMap<string, unknown>): void {
  for (const [key, value] of changes) {
    if (value === EMPTY) delete values[key];
    else values[key] = value;
  }
}

function inOrder(finished: readonly TaskWrites[]): readonly TaskWrites[] {
  if (finished.length < 2) return finished;
  return [...finished].sort(({ path: a }, { path: b }) => {
    if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1;
    return a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0;
  });
}

function collect(updates: Map<string, unknown[]>, key: string, value: unknown): void {
  const list = updates.get(key);
  if (list === undefined) updates.set(key, [value]);
  else list.push(value);
}

function overwriteOnce(overwrites: Map<string, unknown>, key: string, value: unknown): void {
  if (overwrites.has(key)) {
    throw new GraphError(
      "INVALID_CONCURRENT_GRAPH_UPDATE",
      `State key "${key}" got two Overwrites in one step. Let only one task overwrite it.`,
    );
  }
  overwrites.set(key, value);
}

function updateChannel(program: Program, values: Readonly<Record<string, unknown>>, key: string, updates: readonly unknown[]): unknown {
  const channel = program.channels[key] as Channel;
  return channel.update(Object.hasOwn(values, key) ? values[key] : EMPTY, updates, key);
}

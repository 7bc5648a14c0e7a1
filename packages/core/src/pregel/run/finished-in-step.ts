import { BRANCH_PREFIX, JOIN_PREFIX, KEYED_RETURN, NO_WRITES, OVERWRITE_PREFIX, RETURN, TASKS } from "../../constants.js";
import type { GraphRun } from "../context/run-context.js";
import { begunAt, type Control, type KeptResults } from "../model/graph-state.js";
import type { Program } from "../model/program.js";
import type { TaskWrites } from "../plan/apply-writes.js";
import { type DescribedTask, describeTasks } from "../plan/describe-tasks.js";
import { finishedOf, NOTHING_SAVED, type SavedStep } from "../save/saved-tasks.js";

/**
 * The tasks of the step under way whose results are saved, with those of their writes that `keeps` says. They are named by what was saved, not
 * by the code: a step with a node that is gone from the code can still be ended.
 */
export function finishedInStep(run: GraphRun, keeps: (channel: string) => boolean, saved = run.persistence?.saved): TaskWrites[] {
  return finishedOf(dueOf(run, saved), saved ?? NOTHING_SAVED).map((task) => ({
    ...task,
    writes: task.writes.filter(([channel]) => keeps(channel)),
  }));
}

/** The tasks of the step under way, where something of it is saved that counts. */
function dueOf({ persistence, state, ns, forkedFrom }: GraphRun, saved: SavedStep | undefined): DescribedTask[] {
  if (persistence === undefined || forkedFrom !== undefined || saved === undefined || saved.tasks.size === 0) return [];
  return describeTasks(state.control, { checkpointId: persistence.checkpointId, ns });
}

/**
 * What the step under way has done, for a checkpoint that is made in the middle of it: its finished tasks, and calls of `task()` that have a key. Other calls
 * are told by their order alone, and may read the state that is changed.
 */
export function resultsInStep(run: GraphRun, saved: SavedStep): KeptResults["results"] {
  const due = new Set(dueOf(run, saved).map(({ resultId }) => resultId));
  if (due.size === 0) return [];
  return [...saved.tasks].flatMap(([id, { writes }]) =>
    writes !== undefined && (due.has(id) || writes.some(([channel]) => channel === KEYED_RETURN)) ? [[id, writes] as const] : [],
  );
}

/**
 * What calls that have a key have done in tasks that are due again after an update as a node. They are found by what an edge leads to: a `Send` may stand for
 * another task than before, and the next run of a node that has finished, or was acted for, begins with nothing.
 * @param ended nodes that have finished, or were acted for
 * @param begun the checkpoint at which the step under way began; undefined where it was not saved
 */
export function callsOfUnfinished(
  run: GraphRun,
  saved: SavedStep,
  { before, ended, begun }: { readonly before: Control; readonly ended: ReadonlySet<string>; readonly begun: string | undefined },
): KeptResults | undefined {
  const results = [...saved.tasks].flatMap(([id, { writes = [] }]) =>
    writes.some(([channel]) => channel === KEYED_RETURN) ? [[id, writes] as const] : [],
  );
  if (results.length === 0 || run.forkedFrom !== undefined) return undefined;
  const tasks = before.nodes.flatMap((name) => {
    if (ended.has(name) || !run.state.control.nodes.includes(name)) return [];
    const at = (before.kept && begunAt(before.kept, ["__pregel_pull", name])) ?? begun;
    return at === undefined ? [] : [[name, at] as const];
  });
  return tasks.length === 0 ? undefined : { step: "", tasks: Object.fromEntries(tasks), results };
}

const CONTROL = [BRANCH_PREFIX, JOIN_PREFIX, NO_WRITES, RETURN, TASKS];

/** Tells a write to a key of the state from one that says what runs next. */
export const isStateWrite = (channel: string): boolean => !CONTROL.some((prefix) => channel.startsWith(prefix));

/** Tells whether a write goes to a key that the graph has. */
export const keepsKey = (program: Program, channel: string): boolean =>
  (channel.startsWith(OVERWRITE_PREFIX) ? channel.slice(OVERWRITE_PREFIX.length) : channel) in program.channels;

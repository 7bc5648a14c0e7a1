import { BRANCH_PREFIX, JOIN_PREFIX, KEYED_RETURN, NO_WRITES, OVERWRITE_PREFIX, RETURN, TASKS } from "../../constants.js";
import type { GraphRun } from "../context/run-context.js";
import type { KeptResults } from "../model/graph-state.js";
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

const CONTROL = [BRANCH_PREFIX, JOIN_PREFIX, NO_WRITES, RETURN, TASKS];

/** Tells a write to a key of the state from one that says what runs next. */
export const isStateWrite = (channel: string): boolean => !CONTROL.some((prefix) => channel.startsWith(prefix));

/** Tells whether a write goes to a key that the graph has. */
export const keepsKey = (program: Program, channel: string): boolean =>
  (channel.startsWith(OVERWRITE_PREFIX) ? channel.slice(OVERWRITE_PREFIX.length) : channel) in program.channels;

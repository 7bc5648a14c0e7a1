import { BRANCH_PREFIX, JOIN_PREFIX, KEYED_RETURN, NO_WRITES, OVERWRITE_PREFIX, RETURN, TASKS } from "../../constants.js";
import type { GraphRun } from "../context/run-context.js";
import type { Write } from "../model/graph-state.js";
import type { Program } from "../model/program.js";
import type { TaskWrites } from "../plan/apply-writes.js";
import { describeTasks } from "../plan/describe-tasks.js";

/**
 * The tasks of the step under way whose results are saved, with those of their writes that `keeps` says. They are named by what was saved, not
 * by the code: a step with a node that is gone from the code can still be ended.
 */
export function finishedInStep(run: GraphRun, keeps: (channel: string) => boolean): TaskWrites[] {
  const { persistence, state, ns, forkedFrom } = run;
  if (persistence === undefined || forkedFrom !== undefined || persistence.saved.tasks.size === 0) return [];
  const { checkpointId, saved } = persistence;
  return describeTasks(state.control, { checkpointId, ns }).flatMap(({ resultId, name, path }) => {
    const writes = saved.tasks.get(resultId)?.writes?.filter(([channel]) => keeps(channel));
    return writes === undefined ? [] : [{ name, path, writes }];
  });
}

/**
 * What the step under way has done, for a checkpoint that is made in the middle of it: its finished tasks, and calls of `task()` that have a key. Other calls
 * are told by their order alone, and may read the state that is changed.
 */
export function resultsInStep({ persistence, state, ns, forkedFrom }: GraphRun): (readonly [id: string, writes: readonly Write[]])[] {
  if (persistence === undefined || forkedFrom !== undefined || persistence.saved.tasks.size === 0) return [];
  const { checkpointId, saved } = persistence;
  const due = new Set(describeTasks(state.control, { checkpointId, ns }).map(({ resultId }) => resultId));
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

import { BRANCH_PREFIX, JOIN_PREFIX, NO_WRITES, OVERWRITE_PREFIX, RETURN, TASKS } from "../../constants.js";
import type { GraphRun } from "../context/run-context.js";
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
  return describeTasks(state.control, { checkpointId, ns }).flatMap(({ id, name, path }) => {
    const writes = saved.tasks.get(id)?.writes?.filter(([channel]) => keeps(channel));
    return writes === undefined ? [] : [{ name, path, writes }];
  });
}

const CONTROL = [BRANCH_PREFIX, JOIN_PREFIX, NO_WRITES, RETURN, TASKS];

/** Tells a write to a key of the state from one that says what runs next. */
export const isStateWrite = (channel: string): boolean => !CONTROL.some((prefix) => channel.startsWith(prefix));

/** Tells whether a write goes to a key that the graph has. */
export const keepsKey = (program: Program, channel: string): boolean =>
  (channel.startsWith(OVERWRITE_PREFIX) ? channel.slice(OVERWRITE_PREFIX.length) : channel) in program.channels;

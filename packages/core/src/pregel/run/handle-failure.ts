import { RETURN } from "../../constants.js";
import { GraphError, type GraphErrorCode } from "../../errors.js";
import type { Soon } from "../../soon.js";
import type { GraphRun } from "../context/run-context.js";
import { isGraphBubbleUp } from "../model/graph-bubble-up.js";
import type { NodeSpec } from "../model/program.js";
import type { Task } from "../model/task.js";
import type { TaskOutcome } from "../model/task-outcome.js";

/**
 * Runs a task whose node has an error handler: where the node fails for good, what the handler does is what the task did. The failure is saved before a
 * question of the handler is: when it is answered, the handler goes on, and the node is not run again.
 * @param handler makes the handler's own node, for this failure
 * @param run runs a task with its retries; never rejects
 */
export async function runHandled(
  graph: GraphRun,
  task: Task,
  handler: NonNullable<NodeSpec["handler"]>,
  run: (task: Task) => Soon<TaskOutcome>,
): Promise<TaskOutcome> {
  const place = () => task.handledBy(handler(undefined)).resultId;
  // Ids cost something: only a step of which something is saved is asked for them.
  const before = graph.persistence === undefined || graph.persistence.saved.tasks.size === 0 ? undefined : failureAt(graph, place());
  let failed: { readonly error: unknown };
  if (before === undefined) {
    const outcome = await run(task);
    // What leaves a node without being an error is nobody's to handle, and a run that was stopped has no more to do.
    if (outcome.kind !== "failed" || isGraphBubbleUp(outcome.error) || graph.signal?.aborted === true) return outcome;
    failed = outcome;
  } else failed = before;
  const outcome = await run(task.handledBy(handler(failed.error)));
  if (outcome.kind !== "interrupted" || before !== undefined) return outcome;
  try {
    await graph.persistence?.saveTask(place(), [[RETURN, savedForm(failed.error)]]);
  } catch (error) {
    return { kind: "failed", error };
  }
  return outcome;
}

interface SavedFailure {
  readonly name: string;
  readonly message: string;
  readonly code?: GraphErrorCode;
}

function savedForm(error: unknown): SavedFailure {
  if (GraphError.is(error)) return { name: error.name, message: error.message, code: error.code };
  return error instanceof Error ? { name: String(error.name), message: String(error.message) } : { name: "Error", message: String(error) };
}

/** The failure that the handler asked about, in an earlier run of the same step. */
function failureAt({ persistence }: GraphRun, id: string): { readonly error: Error } | undefined {
  const saved = persistence?.saved.tasks.get(id)?.writes?.find(([channel]) => channel === RETURN);
  if (saved === undefined) return undefined;
  const { name, message, code } = saved[1] as SavedFailure;
  return { error: code === undefined ? Object.assign(new Error(message), { name }) : new GraphError(code, message) };
}

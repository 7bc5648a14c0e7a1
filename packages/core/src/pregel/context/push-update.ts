import { GraphError } from "../../errors.js";
import { TASK_CONTEXT } from "../model/runtime.js";
import type { Task } from "../model/task.js";
import { leaveIfPaused } from "./interrupt.js";
import { currentTask, type TaskContext } from "./run-context.js";

/**
 * Shows a message to whoever reads the stream mode `messages`, at once, and adds it to what the running node writes to a state key: before what the node
 * returns, and only if it finishes. An attempt that pauses or fails leaves nothing, so that the one after it adds nothing twice.
 * For bridges to model libraries (`pushMessage` of `@holdpoint/prebuilt`).
 * @param stateKey null: it is only shown. A key that the state does not have is left out, as in what a node returns
 * @param runtime the node's second argument, where the async context is lost
 * @throws GraphError OUTSIDE_RUN; INVALID_CONFIG in a `task()`, whose result alone is kept
 */
export function pushUpdate(message: unknown, stateKey: string | null, runtime?: object): void {
  const context = (runtime as { [TASK_CONTEXT]?: TaskContext } | undefined)?.[TASK_CONTEXT] ?? currentTask();
  if (context === undefined) {
    throw new GraphError(
      "OUTSIDE_RUN",
      "A message was pushed outside of a graph's run. Push it in a node or a tool; where the async context is lost, pass on the node's second argument.",
    );
  }
  leaveIfPaused(context);
  if (stateKey !== null) {
    if ((context.scope as Partial<Task>).node === undefined) {
      throw new GraphError(
        "INVALID_CONFIG",
        `A message was pushed in the task "${context.scope.name}", of which only the result is kept for the next time. Return it, and push it in the node; or push it with stateKey: null, which only shows it.`,
      );
    }
    context.pushed ??= [];
    context.pushed.push([stateKey, message]);
  }
  context.follower?.pushed?.(message);
}

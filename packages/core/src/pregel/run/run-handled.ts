import { GraphError } from "../../errors.js";
import type { Soon } from "../../soon.js";
import type { GraphRun } from "../context/run-context.js";
import { isGraphBubbleUp } from "../model/graph-bubble-up.js";
import { NodeError } from "../model/node-error.js";
import type { FailureHandler, NodeSpec } from "../model/program.js";
import type { Task } from "../model/task.js";
import type { TaskOutcome } from "../model/task-outcome.js";
import { runTask } from "./run-task.js";

/** Runs a task, and its node's error handler where it fails for good. Never rejects. */
export function runHandled(run: GraphRun, task: Task): Soon<TaskOutcome> {
  const { handler } = task.node;
  return handler === undefined ? runTask(run, task) : runWithHandler(run, task, handler);
}

async function runWithHandler(run: GraphRun, task: Task, handler: FailureHandler): Promise<TaskOutcome> {
  const outcome = await runTask(run, task);
  if (outcome.kind !== "failed") return outcome;
  const { error } = outcome;
  // A run that is being stopped starts nothing more; and what leaves a node without being an error is none.
  if (run.signal?.aborted === true || isGraphBubbleUp(error)) return outcome;
  const handled = await runTask(run, task.of(handlerNode(task.node, handler, error)));
  return handled.kind === "interrupted" ? { kind: "failed", error: mayNotAsk(task.name, error) } : handled;
}

/** The handler as a node, whose result alone says where it leads: the edges of the node that failed are for its results. */
function handlerNode({ entry, index, ...node }: NodeSpec, { name, handle, retry, timeout }: FailureHandler, thrown: unknown): NodeSpec {
  const error = new NodeError(node.name, thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown }));
  const run: NodeSpec["run"] = (input, runtime) => handle(input, error, runtime);
  return { ...node, entry, index, name, run, retry, timeout, handler: undefined, isGraph: false, writes: [], branches: [] };
}

const mayNotAsk = (node: string, cause: unknown): GraphError =>
  new GraphError(
    "INVALID_GRAPH",
    `The error handler of node "${node}" called interrupt(). The answer would run the node again, which has failed: lead to a node that asks, with new Command({ goto }).`,
    { details: { node }, cause },
  );

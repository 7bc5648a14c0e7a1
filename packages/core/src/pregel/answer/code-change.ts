import { GraphError } from "../../errors.js";
import type { GraphRun } from "../context/run-context.js";
import type { Task } from "../model/task.js";
import type { SavedTask } from "../save/saved-tasks.js";

/**
 * Compares the code of a paused node with the code that asked, and does what `compile({ onCodeChange })` says.
 * @throws GraphError CODE_CHANGED where it says "refuse"
 */
export async function checkCode(run: GraphRun, task: Task, saved: SavedTask | undefined): Promise<void> {
  const { onCodeChange = "warn" } = run.program;
  const before = saved?.code;
  if (before === undefined || onCodeChange === "allow") return;
  const now = task.node.fingerprint();
  if (now === before) return;
  const change = { threadId: run.threadId, node: task.name, before, now };
  if (typeof onCodeChange === "function") return onCodeChange(change);
  const fact = `The code of node "${task.name}" has changed since it paused (thread "${run.threadId}").`;
  if (onCodeChange === "refuse") {
    throw new GraphError(
      "CODE_CHANGED",
      `${fact} Nothing was recorded and nothing ran. Go on with the old code, ask anew with updateState(config, null, asNode), or compile with { onCodeChange: "warn" | "allow" }.`,
      { details: change },
    );
  }
  process.emitWarning(`${fact} It goes on with the new code; compile({ onCodeChange }) says otherwise.`, {
    type: "HoldpointWarning",
    code: "CODE_CHANGED",
  });
}

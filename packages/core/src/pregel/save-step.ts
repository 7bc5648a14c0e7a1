import type { CheckpointMetadata } from "@holdpoint/checkpoint";
import { emitCheckpoint } from "./debug-events.js";
import type { GraphRun } from "./run-context.js";

/**
 * Saves the state as the next checkpoint, where the run has a saver; undefined where there is nothing to wait for.
 * @param waits as in `Persistence.saveCheckpoint`
 */
export function saveStep(run: GraphRun, source: CheckpointMetadata["source"], waits = true): Promise<unknown> | undefined {
  // Calls of `task()` belong to the step that is over.
  run.results.clear();
  const saving = run.persistence?.saveCheckpoint(run.program, run.state, run.dirty, source, waits);
  run.dirty.clear();
  if (saving !== undefined && run.outlets.length > 0) return showSaved(run, saving);
  emitCheckpoint(run);
  return saving;
}

async function showSaved(run: GraphRun, saving: Promise<unknown>): Promise<void> {
  await saving;
  emitCheckpoint(run);
}

/**
 * Saves the older checkpoint that the run went back to as the thread's newest, if that is still to do. Not before it is certain that
 * the run goes on from there: an answer that is refused leaves the thread where it was.
 */
export async function saveFork(run: GraphRun): Promise<void> {
  if (run.forkedFrom !== undefined && run.persistence?.checkpointId === run.forkedFrom.checkpointId) await saveStep(run, "fork");
}

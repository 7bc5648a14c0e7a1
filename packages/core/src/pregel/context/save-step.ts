import type { CheckpointMetadata } from "@holdpoint/checkpoint";
import type { Follows } from "../save/save-queue.js";
import { emitCheckpoint } from "./debug-events.js";
import type { GraphRun } from "./run-context.js";

/** Saves the state as the next checkpoint, where the run has a saver; undefined where there is nothing to wait for. */
export function saveStep(run: GraphRun, source: CheckpointMetadata["source"], follows: Follows = "work"): Promise<unknown> | undefined {
  // Calls of `task()` belong to the step that is over.
  run.results.clear();
  const saving = run.persistence?.saveCheckpoint(run.state, run.dirty, source, isWatched(run) ? "work" : follows);
  run.dirty.clear();
  if (saving !== undefined && run.outlets.length > 0) return showSaved(run, saving);
  emitCheckpoint(run);
  return saving;
}

/** Whoever looks on sees nothing that is not saved yet. */
export const isWatched = ({ outlets, callbacks }: GraphRun): boolean => outlets.length > 0 || callbacks !== undefined;

/** What follows the checkpoint of a step that leads on to these nodes. */
export function followsStep({ program, state: { control }, caller }: GraphRun): Follows {
  const { nodes, sends } = control;
  if (nodes.length === 0 && sends.length === 0) return caller === undefined ? "save" : "end";
  const isGraph = (name: string) => program.nodes.get(name)?.isGraph === true;
  // A graph that is a node saves its input before anything runs in it.
  return nodes.every(isGraph) && sends.every(({ node }) => isGraph(node)) ? "save" : "work";
}

/** Waits for what this run and the graphs around it have handed in without waiting; undefined where there is nothing. Before any code runs. */
export function savesUnderWay(run: GraphRun): Promise<void> | undefined {
  for (let each: GraphRun | undefined = run; each !== undefined; each = each.caller?.run) {
    if (each.persistence?.isBehind === true) return settled(each);
  }
  return undefined;
}

async function settled(run: GraphRun): Promise<void> {
  for (let each: GraphRun | undefined = run; each !== undefined; each = each.caller?.run) await each.persistence?.settled();
}

async function showSaved(run: GraphRun, saving: Promise<unknown>): Promise<void> {
  await saving.catch((error: unknown) => run.persistence?.saveAgain(error, saving));
  emitCheckpoint(run);
}

/**
 * Saves the older checkpoint that the run went back to as the thread's newest, if that is still to do. Not before it is certain that
 * the run goes on from there: an answer that is refused leaves the thread where it was.
 */
export async function saveFork(run: GraphRun): Promise<void> {
  if (run.forkedFrom !== undefined && run.persistence?.checkpointId === run.forkedFrom.checkpointId) await saveStep(run, "fork");
}

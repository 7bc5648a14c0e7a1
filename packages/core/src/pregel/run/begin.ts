import { EMPTY } from "../../channels/channel.js";
import { START } from "../../constants.js";
import { Command } from "../../control/command.js";
import { GraphError } from "../../errors.js";
import { isPromise } from "../../is-promise.js";
import type { Soon } from "../../soon.js";
import { answerDue, answerInterrupts } from "../answer/answer-interrupts.js";
import { SETTLE_DUE } from "../answer/settle-due.js";
import { createRuntime } from "../context/create-runtime.js";
import { noteDue } from "../context/current-step.js";
import { emitCheckpoint, emitValues } from "../context/debug-events.js";
import { type GraphRun, runInTask, TaskContext } from "../context/run-context.js";
import { followsStep, saveFork, saveStep, savesUnderWay } from "../context/save-step.js";
import { type Control, type GraphState, NOTHING_NEXT, type Write } from "../model/graph-state.js";
import type { Program } from "../model/program.js";
import { nestedNamespace, type Task, taskId } from "../model/task.js";
import { applyWrites, commitChanges, type TaskWrites } from "../plan/apply-writes.js";
import { commandWrites } from "../plan/collect-writes.js";
import { mapInput, requireKeys } from "../plan/map-input.js";
import { touchesOutput } from "../plan/map-output.js";
import type { Persistence } from "../save/persistence.js";
import { addExitWrites } from "./choose-exits.js";
import { finishedInStep, keepsKey } from "./finished-in-step.js";

/** How a run came to its first step; `idle`: it came to none, since nothing was due. */
export type Beginning = "fresh" | "continued" | "idle";

/**
 * Brings a run to its first step: takes up the saved state, and applies the input, the command, or nothing.
 * @throws GraphError before anything is saved, where the input does not fit the thread
 */
export async function begin(run: GraphRun, input: unknown): Promise<Beginning> {
  const taking = takeUp(run);
  const loaded = isPromise(taking) ? await taking : taking;
  if (run.caller !== undefined && loaded && continuesCall(run)) return continueThread(run);
  if (input === SETTLE_DUE) return (await answerDue(run, "sweep")) ? continueThread(run) : "idle";
  if (input instanceof Command) return beginWithCommand(run, input, loaded);
  if (input === null || input === undefined) {
    if (!loaded) throw emptyInput(run.program);
    await saveFork(run);
    if (run.caller === undefined && run.gate?.due !== undefined) await answerDue(run, "run");
    return continueThread(run);
  }
  const writes = mapInput(run.program, input);
  await beginWithInput(run, isPromise(writes) ? await writes : writes);
  return "fresh";
}

/** Loads the checkpoint that the config asks for into the run's state. False where the thread has none. */
export function takeUp(run: GraphRun): Soon<boolean> {
  const { persistence } = run;
  if (persistence !== undefined && !isFirstCall(run)) return takeUpSaved(run, persistence);
  fillDefaults(run, run.state);
  return false;
}

async function takeUpSaved(run: GraphRun, persistence: Persistence): Promise<boolean> {
  const id = run.caller === undefined ? run.config.configurable?.checkpoint_id : undefined;
  const newest = await persistence.load();
  if (newest === undefined) {
    if (id !== undefined) throw unknownCheckpoint(id);
    fillDefaults(run, run.state);
    return false;
  }
  let loaded = newest;
  if (id !== undefined && id !== persistence.checkpointId) {
    const older = await persistence.load(id);
    if (older === undefined) throw unknownCheckpoint(id);
    loaded = older;
  }
  adopt(run, loaded);
  const { outside, answered } = persistence.saved;
  applyOutside(run, outside);
  if (loaded === newest) applyOutside(run, answered);
  else goBack(run, persistence);
  return true;
}

/**
 * Whether nothing can be saved of this graph: it is called in the first attempt at a task that no run has seen before. Its namespace is the task's,
 * unless it keeps a state of its own from call to call.
 */
function isFirstCall({ caller, keepsState }: GraphRun): boolean {
  return caller?.run.persistence?.isOwn === true && !keepsState && (caller.scope as Partial<Task>).attempts === 1;
}

/** Stands on an older checkpoint: its step is run anew, under ids of its own, whatever was saved and answered of it. */
function goBack(run: GraphRun, persistence: Persistence): void {
  run.forkedFrom = { checkpointId: persistence.checkpointId, saved: persistence.saved };
  run.decisions.clear();
  const { kept: _, ...control } = run.state.control;
  run.state.control = control;
}

function adopt(run: GraphRun, loaded: GraphState): void {
  run.state.values = loaded.values;
  run.state.control = loaded.control;
  for (const [id, decision] of run.persistence?.saved.decisions ?? []) run.decisions.set(id, decision);
  if (run.caller === undefined) rememberTerms(run);
  fillDefaults(run, run.state);
}

function rememberTerms({ persistence, terms }: GraphRun): void {
  for (const { interrupts = [] } of persistence?.saved.tasks.values() ?? []) {
    for (const asked of interrupts) if (asked.terms !== undefined) terms.set(asked.id, asked.terms);
  }
}

/** Gives keys their defaults, those too that the code got after the checkpoint was saved. */
function fillDefaults(run: GraphRun, state: GraphState): void {
  for (const key in run.program.channels) {
    if (Object.hasOwn(state.values, key)) continue;
    const initial = run.program.channels[key]?.initial();
    if (initial === EMPTY || initial === undefined) continue;
    state.values[key] = initial;
    run.dirty.add(key);
  }
}

/** Applies writes that come from no task: the step that is due stays due, beside what they add. */
export function applyOutside(run: GraphRun, writes: readonly Write[]): void {
  if (writes.length === 0) return;
  noteDue(run);
  const { control } = run.state;
  const changes = applyWrites(run.program, run.state, [{ name: "", path: ["__pregel_pull", ""], writes }], control);
  commitTo(run, {
    ...changes,
    control: { ...changes.control, ran: control.ran ?? [], ...underWay(control) },
  });
}

/** What outlasts writes from outside: the input that is to be applied, what led to the step, and what it has done. */
const underWay = ({ start, complete, kept }: Control): Pick<Control, "start" | "complete" | "kept"> => ({
  ...(start === undefined ? {} : { start }),
  ...(complete === undefined ? {} : { complete }),
  ...(kept === undefined ? {} : { kept }),
});

function commitTo(run: GraphRun, changes: ReturnType<typeof applyWrites>): void {
  commitChanges(run.state, changes);
  for (const key of changes.values.keys()) run.dirty.add(key);
}

/** A graph that was called from this very step before goes on where it was. */
function continuesCall({ persistence, caller }: GraphRun): boolean {
  const around = caller?.run;
  return persistence?.metadata?.parents?.[around?.ns ?? ""] === around?.persistence?.checkpointId;
}

async function continueThread(run: GraphRun): Promise<Beginning> {
  // A fork was shown when it was saved.
  if (run.forkedFrom === undefined) emitCheckpoint(run);
  if (run.state.control.start !== undefined) await applyStart(run, run.state.control.start.writes);
  else emitValues(run);
  return "continued";
}

async function beginWithCommand(run: GraphRun, command: Command, loaded: boolean): Promise<Beginning> {
  if (command.graph === Command.PARENT)
    throw new GraphError(
      "INVALID_INPUT",
      "A Command for the parent graph can only be returned from a subgraph's node, not given as an input.",
    );
  if (!command.hasResume && (command.update ?? null) === null && command.goto.length === 0) throw emptyCommand(run.program);
  const writes = commandWrites(run.program, command);
  if (command.hasResume) {
    if (run.persistence === undefined)
      throw new GraphError("MISSING_CHECKPOINTER", "Command({ resume }) needs what was saved at the pause: compile({ checkpointer }).");
    const counts = await answerInterrupts(run, command, writes);
    await saveFork(run);
    if (counts) applyOutside(run, writes);
    return continueThread(run);
  }
  if (!loaded) {
    applyOutside(run, writes);
    await saveStep(run, "input");
    emitValues(run);
    return "fresh";
  }
  await saveFork(run);
  await run.persistence?.saveOutside(writes);
  applyOutside(run, writes);
  return continueThread(run);
}

async function beginWithInput(run: GraphRun, writes: readonly Write[]): Promise<void> {
  const taking = takeInput(run, writes, finishedResults(run));
  if (taking !== undefined) await taking;
  // Where nothing but the runtime's own code comes between, the two saves need not wait for each other. Awaited all the same: a failure shows then.
  const hasBranches = run.program.start.branches.length > 0;
  const saving = saveStep(run, "input", hasBranches ? "work" : "save");
  if (run.persistence !== undefined) await saving;
  if (hasBranches) await savesUnderWay(run);
  await applyStart(run, writes);
}

/**
 * Makes an input what comes next, in place of what was due; undefined where there is nothing to wait for.
 * @param results of the step under way: what finished in a step that this input ends was done, and stays; what waited or failed is over
 * @throws GraphError INVALID_INPUT
 */
export function takeInput(run: GraphRun, writes: readonly Write[], results: readonly TaskWrites[]): Promise<void> | undefined {
  const { joins } = run.state.control;
  const idle = { ...NOTHING_NEXT, joins };
  if (results.length > 0) commitTo(run, applyWrites(run.program, run.state, results, idle));
  const preview = { values: { ...run.state.values }, control: idle };
  commitChanges(preview, applyWrites(run.program, preview, [startWrites(writes)], idle));
  const take = () => {
    run.state.control = { ...idle, start: { writes } };
  };
  const checking = requireKeys(run.program, preview.values);
  if (checking !== undefined) return checking.then(take);
  take();
  return undefined;
}

const startWrites = (writes: readonly Write[]): TaskWrites => ({ name: START, path: ["__pregel_pull", START], writes });

/** Applies the input that the thread has taken, and chooses the first nodes. */
async function applyStart(run: GraphRun, input: readonly Write[]): Promise<void> {
  const { program, state } = run;
  const writes = [...input];
  if (program.start.branches.length > 0) await chooseFirst(run, writes);
  else writes.push(...program.start.writes);
  const changes = applyWrites(program, state, [startWrites(writes)], { ...NOTHING_NEXT, joins: state.control.joins });
  commitTo(run, changes);
  const saving = saveStep(run, "loop", followsStep(run));
  if (run.persistence !== undefined) await saving;
  if (touchesOutput(run.shown, changes.values.keys())) emitValues(run);
}

/** Adds where the conditional edges of START lead. */
async function chooseFirst(run: GraphRun, writes: Write[]): Promise<void> {
  const scope = { checkpointId: run.persistence?.checkpointId ?? "", ns: run.ns };
  const id = taskId(scope, ["__pregel_pull", START], START);
  const context = new TaskContext(run, { name: START, id, ns: nestedNamespace(run.ns, START, id) }, undefined);
  const runtime = createRuntime(run, context, run.signal, run.callbacks);
  await runInTask(context, () => addExitWrites(run, run.program.start, START, writes, runtime));
}

/** The state writes of tasks that had finished in the step that was under way. */
export function finishedResults(run: GraphRun, saved = run.persistence?.saved): TaskWrites[] {
  const { start } = run.state.control;
  if (start === undefined) return finishedInStep(run, (name) => keepsKey(run.program, name), saved);
  if (run.persistence === undefined || run.forkedFrom !== undefined) return [];
  return [{ name: START, path: ["__pregel_pull", START], writes: start.writes }];
}

const unknownCheckpoint = (id: string): GraphError =>
  new GraphError("CHECKPOINT_NOT_FOUND", `The thread has no checkpoint "${id}". getStateHistory(config) lists those that it has.`);

const emptyCommand = (program: Program): GraphError =>
  new GraphError(
    "EMPTY_INPUT",
    `"${program.name}" was given a Command that says nothing. Give it a resume, an update or a goto; to go on from where the run stopped, invoke(null, config).`,
  );

const emptyInput = (program: Program): GraphError =>
  new GraphError(
    "EMPTY_INPUT",
    `"${program.name}" was run without an input, and there is no saved run to go on with. Pass an input object, or the thread_id of a thread that was begun.`,
  );

import type { CheckpointConfig, CheckpointSaver } from "@holdpoint/checkpoint";
import { COPY, END, INPUT, NAMESPACE_SEPARATOR, START } from "../../constants.js";
import { GraphError } from "../../errors.js";
import { kindOf } from "../../read-options.js";
import { createRuntime } from "../context/create-runtime.js";
import { type GraphRun, runInTask, TaskContext } from "../context/run-context.js";
import { type Control, type GraphState, type KeptResults, NOTHING_NEXT } from "../model/graph-state.js";
import type { Exits } from "../model/program.js";
import { nestedNamespace, taskId } from "../model/task.js";
import { applyWrites, commitChanges, type TaskWrites } from "../plan/apply-writes.js";
import { collectWrites } from "../plan/collect-writes.js";
import { heldNodes, joinsThatHold } from "../plan/complete-joins.js";
import { mapInput } from "../plan/map-input.js";
import { Persistence } from "../save/persistence.js";
import { NOTHING_SAVED, type SavedStep, withKept } from "../save/saved-tasks.js";
import { applyOutside, finishedResults, takeInput, takeUp } from "./begin.js";
import { addExitWrites } from "./choose-exits.js";
import { callsOfUnfinished, finishedInStep, isStateWrite, keepsKey, resultsInStep } from "./finished-in-step.js";
import { forgetQuestions } from "./forget-questions.js";
import { readSupersteps, type StateUpdate, type Superstep } from "./read-supersteps.js";

/**
 * Changes a thread's state as if nodes had returned the values, and saves it as a new checkpoint for each step; what runs next follows from the
 * nodes' edges. Nothing is saved before all of it is known to fit, and each step is saved as a whole.
 *
 * Acting for a node that is due leaves the others due; acting for one that ran before chooses anew what follows it, and leaves due what a complete
 * fan-in edge leads to.
 * @throws GraphError UNKNOWN_NODE, AMBIGUOUS_UPDATE, INVALID_UPDATE, INVALID_CONCURRENT_GRAPH_UPDATE; INVALID_INPUT for an input
 */
export async function updateState(run: GraphRun, supersteps: readonly Superstep[]): Promise<CheckpointConfig> {
  const { persistence, state } = run;
  if (persistence === undefined)
    throw new GraphError("MISSING_CHECKPOINTER", "updateState() changes what is saved: compile({ checkpointer }).");
  const steps = readSupersteps(run.program, supersteps);
  await takeUp(run);
  const made: { readonly state: GraphState; readonly changed: readonly string[]; readonly source: Source }[] = [];
  for (const [step, { updates }] of steps.entries()) {
    const source = await applyUpdates(run, updates, step);
    made.push({ state: { values: { ...state.values }, control: state.control }, changed: [...run.dirty], source });
    run.dirty.clear();
  }
  await forgetQuestions(run);
  for (const [step, { state: next, changed, source }] of made.entries()) {
    await persistence.saveCheckpoint(next, changed, source, step < made.length - 1 ? "save" : "work");
  }
  await persistence.flush();
  return persistence.config;
}

/** What the metadata of a checkpoint says made it. */
type Source = "input" | "update" | "fork";

/** Applies the updates of one step. @param step its number */
async function applyUpdates(run: GraphRun, updates: readonly StateUpdate[], step: number): Promise<Source> {
  const { program, state } = run;
  const { values = null, asNode: acting } = updates[0] as StateUpdate;
  const copies = acting === COPY;
  if (copies && run.persistence?.metadata === undefined)
    throw new GraphError("INVALID_UPDATE", "There is no checkpoint to copy: nothing has been saved in this thread.");
  const asNode = copies ? undefined : (acting ?? undefined);
  // Only the first step stands on what is saved beside a checkpoint; each may stand on what the one before it has kept.
  const saved = step === 0 && run.persistence !== undefined ? run.persistence.saved : withKept(NOTHING_SAVED, state.control.kept);
  if (asNode === INPUT) {
    await takeInput(run, await mapInput(program, values), finishedResults(run, saved));
    return "input";
  }
  const results = asNode === undefined ? resultsInStep(run, saved) : [];
  if (results.length > 0) {
    changeWithin(run, values, { results, begun: step === 0 ? run.persistence?.checkpointId : undefined });
    return copies ? "fork" : "update";
  }
  const finished = finishedTasks(run, saved);
  const before = state.control;
  if (asNode === END || (values === null && asNode === undefined)) {
    const kept = asNode === END ? { ...NOTHING_NEXT, joins: before.joins } : undefined;
    const writes = collectWrites(program, END, values);
    if (writes.kind === "parent-command") throw parentCommand();
    apply(run, [...finished, { name: END, path: ["__pregel_pull", END], writes: writes.writes }], kept ?? before);
    state.control = kept ?? before;
    return copies ? "fork" : "update";
  }
  const actors = updates.map((update, index) => {
    const node = update.asNode ?? inferNode(run);
    return { node, exits: exitsOf(run, node), values: update.values, id: update.taskId ?? idOf(run, node, step, index) };
  });
  const nodes = actors.map(({ node }) => node);
  if (finished.length > 0) apply(run, finished, due(run, nodes, finished));
  const kept = keptDue(run, nodes, finished, before);
  const tasks: TaskWrites[] = [];
  const held = joinsThatHold(program, state.control, kept.nodes);
  for (const actor of actors) {
    const { writes, ...task } = await actAs(run, actor, tasks.length);
    const hasRun = !before.nodes.includes(actor.node) || finished.some(({ name }) => name === actor.node);
    // A node that has run has brought this already: the fan-in does not gather it for the next time.
    tasks.push({ ...task, writes: hasRun ? writes.filter(([name]) => !held.includes(name)) : writes });
  }
  apply(run, tasks, kept);
  const ended = new Set([...nodes, ...finished.map(({ name }) => name)]);
  const done = callsOfUnfinished(run, saved, { before, ended, begun: step === 0 ? run.persistence?.checkpointId : undefined });
  if (done !== undefined) run.state.control = { ...run.state.control, kept: done };
  return "update";
}

/** Changes the state in the middle of a step: what it has done stays done, and what waits is asked anew. */
function changeWithin(
  run: GraphRun,
  values: unknown,
  { results, begun = "" }: { readonly results: KeptResults["results"]; readonly begun: string | undefined },
): void {
  const { kept } = run.state.control;
  const writes = collectWrites(run.program, END, values);
  if (writes.kind === "parent-command") throw parentCommand();
  applyOutside(run, writes.writes);
  run.state.control = { ...run.state.control, kept: { ...kept, step: kept?.step || begun, results } };
}

function apply(run: GraphRun, tasks: readonly TaskWrites[], kept: Control): void {
  const complete = joinsThatHold(run.program, run.state.control, kept.nodes);
  const changes = applyWrites(run.program, run.state, tasks, kept);
  commitChanges(run.state, changes);
  for (const key of changes.values.keys()) run.dirty.add(key);
  if (complete.length > 0) run.state.control = { ...run.state.control, complete };
}

/** Tasks of the step under way whose results are saved: they were done, and count. What they wrote to keys that are gone from the code is let go. */
function finishedTasks(run: GraphRun, saved: SavedStep): TaskWrites[] {
  if (run.state.control.start !== undefined) return [];
  return finishedInStep(run, (name) => !isStateWrite(name) || keepsKey(run.program, name), saved);
}

/** What stays due, what follows the finished tasks among it; nothing where what follows a node that ran before is chosen anew. */
function keptDue(run: GraphRun, nodes: readonly string[], finished: readonly TaskWrites[], before: Control): Control {
  if (finished.length === 0) return due(run, nodes, []);
  const { control } = run.state;
  return nodes.some((node) => before.nodes.includes(node))
    ? control
    : { ...NOTHING_NEXT, nodes: heldNodes(run.program, control, nodes), joins: control.joins };
}

/** What stays due beside the nodes that are acted for. */
function due(run: GraphRun, acting: readonly string[], finished: readonly TaskWrites[]): Control {
  const { control } = run.state;
  const actsForDue = acting.some((node) => control.nodes.includes(node));
  const others = actsForDue ? control.nodes.filter((name) => !acting.includes(name)) : heldNodes(run.program, control, acting);
  return {
    nodes: others.filter((name) => !finished.some((task) => task.name === name)),
    sends: actsForDue ? control.sends : [],
    joins: control.joins,
  };
}

function inferNode({ state: { control }, persistence }: GraphRun): string {
  const ran = control.ran ?? [];
  const [node] = ran;
  if (node === undefined || persistence?.metadata === undefined) return START;
  if (ran.length === 1) return node;
  throw new GraphError(
    "AMBIGUOUS_UPDATE",
    `The last step was of several nodes (${ran.join(", ")}). Say whose update this is: updateState(config, values, "${node}").`,
  );
}

function exitsOf({ program }: GraphRun, node: string): Exits {
  const exits = node === START ? program.start : program.nodes.get(node);
  if (exits !== undefined) return exits;
  throw new GraphError(
    "UNKNOWN_NODE",
    `updateState() was asked to act as ${kindOf(node)}, but the graph has no such node. It has: ${[...program.nodes.keys()].join(", ")}.`,
  );
}

/** Someone who acts for a node. */
interface Actor {
  readonly node: string;
  readonly exits: Exits;
  readonly values: unknown;
  readonly id: string;
}

function idOf({ persistence, ns }: GraphRun, node: string, step: number, index: number): string {
  const place = step === 0 && index === 0 ? ["update", node] : ["update", node, step, index];
  return taskId({ checkpointId: persistence?.checkpointId ?? "", ns }, place, node);
}

/** @param index its place in the step: updates count in the order in which they are given, whatever their nodes are called */
async function actAs(run: GraphRun, { node, exits, values, id }: Actor, index: number): Promise<TaskWrites> {
  const { program, ns } = run;
  const result = collectWrites(program, node, values);
  if (result.kind === "parent-command") throw parentCommand();
  const context = new TaskContext(run, { name: node, id, ns: nestedNamespace(ns, node, id) }, undefined);
  const runtime = createRuntime(run, context, run.signal, run.callbacks);
  await runInTask(context, () => addExitWrites(run, exits, node, result.writes, runtime));
  return { name: node, path: ["__pregel_push", index], writes: result.writes };
}

const parentCommand = (): GraphError =>
  new GraphError("INVALID_UPDATE", "updateState() takes values for this graph, not a Command for the one around it.");

/** The run that changes a subgraph's state: the same thread, the subgraph's namespace. */
export function atNamespace(run: GraphRun, saver: CheckpointSaver, threadId: string, ns: string): GraphRun {
  const persistence = new Persistence({
    program: run.program,
    saver,
    threadId,
    ns,
    durability: "sync",
    fence: run.fence,
    parents: {},
    metadata: run.config.metadata ?? {},
    graph: run.program.name,
  });
  return { ...run, ns, nsPath: ns.split(NAMESPACE_SEPARATOR), persistence, saver };
}

import type { CheckpointConfig, CheckpointSaver } from "@holdpoint/checkpoint";
import { COPY, END, INPUT, NAMESPACE_SEPARATOR, START } from "../../constants.js";
import { GraphError } from "../../errors.js";
import { ANYTHING, type Kind, kindOf, OBJECT, readOptions, TEXT } from "../../read-options.js";
import { createRuntime } from "../context/create-runtime.js";
import { type GraphRun, runInTask, TaskContext } from "../context/run-context.js";
import { type Control, type GraphState, type KeptResults, NOTHING_NEXT } from "../model/graph-state.js";
import type { Exits, Program } from "../model/program.js";
import { nestedNamespace, taskId } from "../model/task.js";
import { applyWrites, commitChanges, type TaskWrites } from "../plan/apply-writes.js";
import { collectWrites } from "../plan/collect-writes.js";
import { mapInput } from "../plan/map-input.js";
import { Persistence } from "../save/persistence.js";
import { NOTHING_SAVED, type SavedStep, withKept } from "../save/saved-tasks.js";
import { applyOutside, finishedResults, takeInput, takeUp } from "./begin.js";
import { addExitWrites } from "./choose-exits.js";
import { callsOfUnfinished, finishedInStep, isStateWrite, keepsKey, resultsInStep } from "./finished-in-step.js";
import { forgetQuestions } from "./forget-questions.js";

/** What a node would have returned, and for which node it counts. */
export interface StateUpdate<Values = unknown> {
  readonly values?: Values | null;
  /** Default, where the update is the only one of its step: the node that ran last. `"__input__"`: `values` is an input of the thread. `"__copy__"`: the checkpoint as it is. */
  readonly asNode?: string | undefined;
  /** The id of the task that it stands for, as conditional edges of the node see it. Default: one of its own. */
  readonly taskId?: string | undefined;
}

/** Updates that make one checkpoint, as the tasks of a step do. */
export interface Superstep<Values = unknown> {
  readonly updates: readonly StateUpdate<Values>[];
}

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
  checkSupersteps(supersteps);
  await takeUp(run);
  const made: { readonly state: GraphState; readonly changed: readonly string[]; readonly source: Source }[] = [];
  for (const [step, { updates }] of supersteps.flatMap(readCopy).entries()) {
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

/** A copy with updates, `[[values, asNode], …]`, is a copy and a step after it. */
function readCopy(superstep: Superstep): readonly Superstep[] {
  const [{ values, asNode }] = superstep.updates as readonly [StateUpdate];
  if (asNode !== COPY || values === undefined || values === null) return [superstep];
  const isPair = (pair: unknown): pair is [unknown, string] => Array.isArray(pair) && pair.length === 2 && typeof pair[1] === "string";
  if (!Array.isArray(values) || values.length === 0 || !values.every(isPair))
    throw new GraphError(
      "INVALID_UPDATE",
      `A copy of a checkpoint takes null, or a list of updates [[values, "node"], …], not ${kindOf(values)}. To change the state, act for a node.`,
    );
  return [{ updates: [{ values: null, asNode }] }, { updates: values.map(([each, node]) => ({ values: each, asNode: node })) }];
}

const UPDATE = { values: ANYTHING, asNode: TEXT, taskId: TEXT } as const satisfies Record<keyof StateUpdate, Kind>;

/** What only one update can do by itself: it is no task beside others. */
const ALONE: readonly unknown[] = [COPY, END, INPUT, undefined, null];

function checkSupersteps(supersteps: readonly Superstep[]): void {
  if (!Array.isArray(supersteps) || supersteps.length === 0)
    throw new GraphError("INVALID_UPDATE", "bulkUpdateState() got no steps. Pass a list of them: [{ updates: [{ values, asNode }] }].");
  for (const [step, superstep] of (supersteps as readonly (Superstep | null | undefined)[]).entries()) {
    const updates = superstep?.updates;
    if (!Array.isArray(updates) || updates.length === 0)
      throw new GraphError(
        "INVALID_UPDATE",
        `Step ${step} of bulkUpdateState() has no updates. Give it one at least: { updates: [{ values, asNode }] }.`,
      );
    for (const update of updates as readonly unknown[]) {
      if (!OBJECT[1](update))
        throw new GraphError(
          "INVALID_UPDATE",
          `An update of step ${step} of bulkUpdateState() must be { values, asNode }, not ${kindOf(update)}.`,
        );
      readOptions("an update of bulkUpdateState()", update as StateUpdate, UPDATE);
    }
    if (updates.length === 1) continue;
    const alone = (updates as readonly StateUpdate[]).find(({ asNode }) => ALONE.includes(asNode));
    if (alone === undefined) continue;
    if (alone.asNode === undefined || alone.asNode === null)
      throw new GraphError(
        "AMBIGUOUS_UPDATE",
        `Step ${step} of bulkUpdateState() has several updates. Say of each whose it is: { values, asNode }.`,
      );
    throw new GraphError(
      "INVALID_UPDATE",
      `An update as "${alone.asNode}" is a step by itself: give step ${step} of bulkUpdateState() no other one.`,
    );
  }
}

/** Applies the updates of one step. @param step its number */
async function applyUpdates(run: GraphRun, given: readonly StateUpdate[], step: number): Promise<Source> {
  const { program, state } = run;
  const updates = given.map((update) => readUpdate(program, update));
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
  const held = completeJoins(program, state.control).filter((join) => kept.nodes.includes(targetOf(program, join)));
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

/** An update by keys of the state, of whatever sort the program's values are. */
function readUpdate({ asUpdate, inputKey }: Program, update: StateUpdate): StateUpdate {
  const { values, asNode } = update;
  if (asUpdate === undefined || inputKey === undefined || asNode === INPUT || values === undefined || values === null) return update;
  return { ...update, values: asNode === START ? { [inputKey]: values } : asUpdate(values) };
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
  const held = completeJoins(run.program, run.state.control);
  const changes = applyWrites(run.program, run.state, tasks, kept);
  commitChanges(run.state, changes);
  for (const key of changes.values.keys()) run.dirty.add(key);
  const complete = held.filter((join) => kept.nodes.includes(targetOf(run.program, join)));
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
    : { ...NOTHING_NEXT, nodes: heldNodes(run, nodes), joins: control.joins };
}

/** What stays due beside the nodes that are acted for. */
function due(run: GraphRun, acting: readonly string[], finished: readonly TaskWrites[]): Control {
  const { control } = run.state;
  const actsForDue = acting.some((node) => control.nodes.includes(node));
  const others = actsForDue ? control.nodes.filter((name) => !acting.includes(name)) : heldNodes(run, acting);
  return {
    nodes: others.filter((name) => !finished.some((task) => task.name === name)),
    sends: actsForDue ? control.sends : [],
    joins: control.joins,
  };
}

/** What is due because all nodes of a fan-in edge have run: they will not run again for it. Nothing where somebody acts for START, which begins anew. */
function heldNodes({ program, state: { control } }: GraphRun, acting: readonly string[]): readonly string[] {
  if (acting.includes(START)) return [];
  const targets = completeJoins(program, control).map((join) => targetOf(program, join));
  return [...new Set(targets)].filter((name) => !acting.includes(name));
}

/** The fan-in edges whose target is due because of them. A node that ran last wrote to its edges: one that does not gather any more was complete. */
function completeJoins({ joins }: Program, { nodes, ran = [], joins: gathering, complete = [] }: Control): readonly string[] {
  const wereComplete = Object.entries(joins).filter(
    ([name, { barrier, target }]) =>
      nodes.includes(target) && !(name in gathering) && (complete.includes(name) || barrier.names.some((node) => ran.includes(node))),
  );
  return wereComplete.map(([name]) => name);
}

const targetOf = ({ joins }: Program, join: string): string => joins[join]?.target ?? "";

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

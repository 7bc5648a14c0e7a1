import type { CheckpointConfig, CheckpointSaver } from "@holdpoint/checkpoint";
import { END, NAMESPACE_SEPARATOR, START } from "../../constants.js";
import { GraphError } from "../../errors.js";
import { kindOf } from "../../read-options.js";
import { createRuntime } from "../context/create-runtime.js";
import { type GraphRun, runInTask, TaskContext } from "../context/run-context.js";
import { saveStep } from "../context/save-step.js";
import { type Control, NOTHING_NEXT } from "../model/graph-state.js";
import type { Exits } from "../model/program.js";
import { nestedNamespace, taskId } from "../model/task.js";
import { applyWrites, commitChanges, type TaskWrites } from "../plan/apply-writes.js";
import { collectWrites } from "../plan/collect-writes.js";
import { Persistence } from "../save/persistence.js";
import { takeUp } from "./begin.js";
import { addExitWrites } from "./choose-exits.js";
import { finishedInStep, isStateWrite, keepsKey } from "./finished-in-step.js";

/**
 * Changes a thread's state as if a node had returned the values, and saves it as a new checkpoint; what runs next follows from the node's edges.
 *
 * Acting for a node that is due leaves the others due; acting for one that ran before chooses anew what follows it.
 * @throws GraphError UNKNOWN_NODE, AMBIGUOUS_UPDATE, INVALID_UPDATE
 */
export async function updateState(run: GraphRun, values: unknown, asNode: string | undefined): Promise<CheckpointConfig> {
  const { persistence, program, state } = run;
  if (persistence === undefined)
    throw new GraphError("MISSING_CHECKPOINTER", "updateState() changes what is saved: compile({ checkpointer }).");
  await takeUp(run);
  const finished = finishedTasks(run);
  const before = state.control;
  if (asNode === END || (values === null && asNode === undefined)) {
    const kept = asNode === END ? { ...NOTHING_NEXT, joins: before.joins } : undefined;
    const writes = collectWrites(program, END, values);
    if (writes.kind === "parent-command") throw parentCommand();
    apply(run, [...finished, { name: END, path: ["__pregel_pull", END], writes: writes.writes }], kept ?? before);
    state.control = kept ?? before;
  } else {
    const node = asNode ?? inferNode(run);
    const exits = exitsOf(run, node);
    if (finished.length > 0) apply(run, finished, due(run, node, finished));
    const kept = finished.length > 0 ? state.control : due(run, node, []);
    apply(run, [await actAs(run, node, exits, values)], kept);
  }
  await saveStep(run, "update");
  await persistence.flush();
  return persistence.config;
}

function apply(run: GraphRun, tasks: readonly TaskWrites[], kept: Control): void {
  const changes = applyWrites(run.program, run.state, tasks, kept);
  commitChanges(run.state, changes);
  for (const key of changes.values.keys()) run.dirty.add(key);
}

/** Tasks of the step under way whose results are saved: they were done, and count. What they wrote to keys that are gone from the code is let go. */
function finishedTasks(run: GraphRun): TaskWrites[] {
  if (run.state.control.start !== undefined) return [];
  return finishedInStep(run, (name) => !isStateWrite(name) || keepsKey(run.program, name));
}

/** What stays due beside the node that is acted for. */
function due({ state: { control } }: GraphRun, node: string, finished: readonly TaskWrites[]): Control {
  const others = control.nodes.filter((name) => name !== node && !finished.some((task) => task.name === name));
  const actsForDue = control.nodes.includes(node);
  return { nodes: actsForDue ? others : [], sends: actsForDue ? control.sends : [], joins: control.joins };
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

async function actAs(run: GraphRun, node: string, exits: Exits, values: unknown): Promise<TaskWrites> {
  const { program, persistence, ns } = run;
  const result = collectWrites(program, node, values);
  if (result.kind === "parent-command") throw parentCommand();
  const scope = { checkpointId: persistence?.checkpointId ?? "", ns };
  const id = taskId(scope, ["update", node], node);
  const context = new TaskContext(run, { name: node, id, ns: nestedNamespace(ns, node, id) }, undefined);
  const runtime = createRuntime(run, context, run.signal, run.callbacks);
  await runInTask(context, () => addExitWrites(run, exits, node, result.writes, runtime));
  return { name: node, path: ["__pregel_pull", node], writes: result.writes };
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

import type { CheckpointConfig, CheckpointSaver, CheckpointTuple, Decision } from "@holdpoint/checkpoint";
import { EMPTY } from "../../channels/channel.js";
import type { GraphState } from "../model/graph-state.js";
import type { Program } from "../model/program.js";
import { applyWrites, commitChanges, valuesSoFar } from "../plan/apply-writes.js";
import { type DescribedTask, describeTasks } from "../plan/describe-tasks.js";
import { outputValues } from "../plan/map-output.js";
import { dueNodes } from "../plan/prepare-tasks.js";
import { readCheckpoint } from "../save/persistence.js";
import { finishedOf, readSavedStep, type SavedStep, withKept } from "../save/saved-tasks.js";
import { makeSnapshot, type StateSnapshot } from "./snapshot.js";

/** A graph as far as reading its states needs it. */
export interface ReadableGraph {
  readonly program: Program;
  /** Graphs added as nodes, by name. */
  readonly subgraphs: ReadonlyMap<string, ReadableGraph>;
}

/** Reads a thread's state, or a subgraph's where the config names its namespace. A thread without checkpoints has an empty one. */
export async function getState(
  graph: ReadableGraph,
  saver: CheckpointSaver,
  config: CheckpointConfig,
  options: { readonly subgraphs: boolean },
): Promise<StateSnapshot> {
  const { thread_id: threadId = "", checkpoint_ns: ns = "" } = config.configurable ?? {};
  const tuple = await saver.getTuple(config);
  if (tuple === undefined) {
    return { values: {}, next: [], tasks: [], interrupts: [], config: { configurable: { thread_id: threadId, checkpoint_ns: ns } } };
  }
  const root = ns === "" ? undefined : await saver.getTuple({ configurable: { thread_id: threadId, checkpoint_ns: "" } });
  const past = config.configurable?.checkpoint_id !== undefined && tuple.checkpoint.id !== (await newestId(saver, threadId, ns));
  const soFar = config.configurable?.checkpoint_id === undefined;
  const place = { graph: findGraph(graph, ns), saver, threadId, ns, soFar, decisions: decisionsOf(root) };
  return options.subgraphs ? readTupleWithin(place, tuple, past) : readTuple(place, tuple, past);
}

/** The id of the newest checkpoint. */
export async function newestId(saver: CheckpointSaver, threadId: string, ns: string): Promise<string | undefined> {
  const tuple = await saver.getTuple({ configurable: { thread_id: threadId, checkpoint_ns: ns } });
  return tuple?.checkpoint.id;
}

/** Where tuples are read for. */
export interface Place {
  readonly graph: ReadableGraph | undefined;
  readonly saver: CheckpointSaver;
  readonly threadId: string;
  readonly ns: string;
  /** Whether what tasks have written while others wait is in the values: not where a checkpoint is asked for. */
  readonly soFar?: boolean;
  /** Answers of the outermost graph's step. */
  readonly decisions: ReadonlyMap<string, Decision>;
}

const decisionsOf = (root: CheckpointTuple | undefined): ReadonlyMap<string, Decision> => readSavedStep(root?.pendingWrites).decisions;

/** A tuple as far as it tells by itself. */
interface OpenTuple {
  readonly saved: SavedStep;
  readonly state: GraphState;
  readonly tasks: readonly DescribedTask[];
  readonly decisions: ReadonlyMap<string, Decision>;
}

function openTuple(place: Place, tuple: CheckpointTuple, past: boolean): OpenTuple {
  const { ns, decisions } = place;
  const pending = readSavedStep(tuple.pendingWrites);
  const state = currentState(place, tuple, pending, past);
  const saved = withKept(pending, state.control.kept);
  const { control } = state;
  // What is due by the graph's code; of one that is not here, all that is saved as such.
  const due = place.graph === undefined ? control : { ...control, nodes: dueNodes(place.graph.program, control) };
  const tasks = describeTasks(due, { checkpointId: tuple.checkpoint.id, ns });
  if (place.soFar === true && !past && place.graph !== undefined && state.control.start === undefined) {
    state.values = { ...valuesSoFar(place.graph.program, state.values, finishedOf(tasks, saved)) };
  }
  return { saved, state, tasks, decisions: saved.decisions.size === 0 ? decisions : new Map([...decisions, ...saved.decisions]) };
}

type Nested = ReadonlyMap<string, StateSnapshot | CheckpointConfig>;

function snapshotOf(
  { graph, threadId }: Place,
  tuple: CheckpointTuple,
  { state, ...open }: OpenTuple,
  past: boolean,
  nested: Nested,
): StateSnapshot {
  return makeSnapshot({
    program: graph?.program,
    values: graph === undefined ? state.values : outputValues(graph.program.allKeys, state.values),
    ...open,
    start: state.control.start?.writes,
    past,
    createdAt: tuple.checkpoint.ts,
    // As LangGraph's savers keep it. Here it is what was asked for: saving it in each checkpoint would say nothing.
    metadata: tuple.metadata === undefined ? undefined : { ...tuple.metadata, thread_id: threadId },
    config: plainConfig(tuple.config) as CheckpointConfig,
    parentConfig: plainConfig(tuple.parentConfig),
    nested,
  });
}

const NOTHING_NESTED: Nested = new Map();

/**
 * Reads what a tuple says, with the configs to ask for the states of subgraphs.
 * @param past true for a checkpoint that others follow
 */
export function readTuple(place: Place, tuple: CheckpointTuple, past: boolean): StateSnapshot {
  const open = openTuple(place, tuple, past);
  return snapshotOf(place, tuple, open, past, placesWithin(place, open.tasks));
}

/** The same with the states of subgraphs. */
async function readTupleWithin(place: Place, tuple: CheckpointTuple, past: boolean): Promise<StateSnapshot> {
  const open = openTuple(place, tuple, past);
  return snapshotOf(place, tuple, open, past, await readWithin({ ...place, decisions: open.decisions }, open.tasks, past));
}

/** The saved state with what came from outside since, and with the defaults of keys that the code got since. */
function currentState(place: Place, tuple: CheckpointTuple, saved: SavedStep, past: boolean): GraphState {
  const program = place.graph?.program;
  const state = readCheckpoint(tuple.checkpoint, place);
  if (program === undefined) return state;
  for (const key in program.channels) {
    const initial = Object.hasOwn(state.values, key) ? EMPTY : program.channels[key]?.initial();
    if (initial !== EMPTY && initial !== undefined) state.values[key] = initial;
  }
  const outside = past ? saved.outside : [...saved.outside, ...saved.answered];
  if (outside.length === 0) return state;
  const { control } = state;
  commitChanges(state, applyWrites(program, state, [{ name: "", path: ["__pregel_pull", ""], writes: outside }], control));
  if (control.start !== undefined) state.control = { ...state.control, start: control.start };
  if (control.kept !== undefined) state.control = { ...state.control, kept: control.kept };
  return state;
}

function placesWithin({ graph, threadId }: Place, tasks: readonly DescribedTask[]): Nested {
  if (graph === undefined || graph.subgraphs.size === 0) return NOTHING_NESTED;
  const nested = new Map<string, CheckpointConfig>();
  for (const { id, name, ns } of tasks) {
    if (graph.subgraphs.has(name)) nested.set(id, { configurable: { thread_id: threadId, checkpoint_ns: ns } });
  }
  return nested;
}

async function readWithin(place: Place, tasks: readonly DescribedTask[], past: boolean): Promise<Nested> {
  const nested = new Map<string, StateSnapshot>();
  for (const { id, name, ns } of tasks) {
    const tuple = await place.saver.getTuple({ configurable: { thread_id: place.threadId, checkpoint_ns: ns } });
    if (tuple !== undefined) nested.set(id, await readTupleWithin({ ...place, graph: place.graph?.subgraphs.get(name), ns }, tuple, past));
  }
  return nested;
}

/** Follows a namespace through graphs that were added as nodes; undefined where one of them was called as a function. */
export function findGraph(graph: ReadableGraph, ns: string): ReadableGraph | undefined {
  let found: ReadableGraph | undefined = graph;
  for (const level of ns === "" ? [] : ns.split("|")) found = found?.subgraphs.get(level.split(":")[0] as string);
  return found;
}

/** A config with the keys that name a checkpoint, whatever else a saver put there. */
function plainConfig(config: CheckpointConfig | undefined): CheckpointConfig | undefined {
  if (config?.configurable === undefined) return undefined;
  const { thread_id, checkpoint_ns = "", checkpoint_id } = config.configurable;
  return { configurable: { thread_id, checkpoint_ns, checkpoint_id } };
}

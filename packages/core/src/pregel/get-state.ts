import type { CheckpointConfig, CheckpointListOptions, CheckpointSaver, CheckpointTuple, Decision } from "@holdpoint/checkpoint";
import { EMPTY } from "../channels/channel.js";
import { applyWrites, commitChanges } from "./apply-writes.js";
import type { GraphState } from "./graph-state.js";
import { outputValues } from "./map-output.js";
import { readCheckpoint } from "./persistence.js";
import type { Program } from "./program.js";
import { readSavedStep, type SavedStep } from "./saved-tasks.js";
import { type DescribedTask, describeTasks, makeSnapshot, type StateSnapshot } from "./snapshot.js";

/** A graph as far as reading its states needs it. */
export interface ReadableGraph {
  readonly program: Program;
  /** Graphs added as nodes, by name. */
  readonly subgraphs: ReadonlyMap<string, ReadableGraph>;
}

interface ReadOptions {
  readonly subgraphs: boolean;
  /** True for a checkpoint that others follow. */
  readonly past: boolean;
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
  return readTuple({ graph: findGraph(graph, ns), saver, threadId, ns, decisions: decisionsOf(root) }, tuple, { ...options, past });
}

/** Reads a thread's states, newest first. */
export async function* getStateHistory(
  graph: ReadableGraph,
  saver: CheckpointSaver,
  config: CheckpointConfig,
  options: CheckpointListOptions,
): AsyncIterableIterator<StateSnapshot> {
  const { thread_id: threadId = "", checkpoint_ns: ns = "" } = config.configurable ?? {};
  const place = { graph: findGraph(graph, ns), saver, threadId, ns, decisions: new Map() };
  const newest = await newestId(saver, threadId, ns);
  const listed = { configurable: { ...config.configurable, thread_id: threadId, checkpoint_ns: ns } };
  // Counted here too: some savers take a limit of 0 for none.
  let left = options.limit ?? Number.POSITIVE_INFINITY;
  if (left <= 0) return;
  for await (const tuple of saver.list(listed, options)) {
    yield await readTuple(place, tuple, { subgraphs: false, past: tuple.checkpoint.id !== newest });
    if (--left <= 0) return;
  }
}

async function newestId(saver: CheckpointSaver, threadId: string, ns: string): Promise<string | undefined> {
  const tuple = await saver.getTuple({ configurable: { thread_id: threadId, checkpoint_ns: ns } });
  return tuple?.checkpoint.id;
}

interface Place {
  readonly graph: ReadableGraph | undefined;
  readonly saver: CheckpointSaver;
  readonly threadId: string;
  readonly ns: string;
  /** Answers of the outermost graph's step. */
  readonly decisions: ReadonlyMap<string, Decision>;
}

const decisionsOf = (root: CheckpointTuple | undefined): ReadonlyMap<string, Decision> => readSavedStep(root?.pendingWrites).decisions;

async function readTuple(place: Place, tuple: CheckpointTuple, options: ReadOptions): Promise<StateSnapshot> {
  const { graph, ns } = place;
  const saved = readSavedStep(tuple.pendingWrites);
  const state = currentState(graph?.program, tuple, saved, options.past);
  const tasks = describeTasks(state.control, { checkpointId: tuple.checkpoint.id, ns });
  const decisions = new Map([...place.decisions, ...saved.decisions]);
  return makeSnapshot({
    program: graph?.program,
    values: graph === undefined ? state.values : outputValues(graph.program, state.values),
    tasks,
    saved,
    decisions,
    past: options.past,
    tuple: { ...tuple, config: plainConfig(tuple.config) as CheckpointConfig, parentConfig: plainConfig(tuple.parentConfig) },
    nested: await readNested({ ...place, decisions }, tasks, options),
  });
}

/** The saved state with what came from outside since, and with the defaults of keys that the code got since. */
function currentState(program: Program | undefined, tuple: CheckpointTuple, saved: SavedStep, past: boolean): GraphState {
  const state = readCheckpoint(tuple.checkpoint);
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
  return state;
}

async function readNested(
  place: Place,
  tasks: readonly DescribedTask[],
  options: ReadOptions,
): Promise<Map<string, StateSnapshot | CheckpointConfig>> {
  const nested = new Map<string, StateSnapshot | CheckpointConfig>();
  for (const { id, name, ns } of tasks) {
    const graph = place.graph?.subgraphs.get(name);
    const config = { configurable: { thread_id: place.threadId, checkpoint_ns: ns } };
    if (options.subgraphs) {
      const tuple = await place.saver.getTuple(config);
      if (tuple !== undefined) nested.set(id, await readTuple({ ...place, graph, ns }, tuple, options));
    } else if (graph !== undefined) {
      nested.set(id, config);
    }
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

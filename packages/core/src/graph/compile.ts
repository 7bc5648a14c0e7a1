import { hash128 } from "@holdpoint/checkpoint";
import { Barrier } from "../channels/barrier.js";
import type { Channel } from "../channels/channel.js";
import { BRANCH_PREFIX, END, START } from "../constants.js";
import { once } from "../once.js";
import type { CompiledGraph } from "../pregel/compiled-graph.js";
import type { Write } from "../pregel/model/graph-state.js";
import type { Branch, Exits, NodeSpec, Program } from "../pregel/model/program.js";
import { type Runtime, TASK_CONTEXT } from "../pregel/model/runtime.js";
import { readStateShape, type StateShape } from "../state/state-schema.js";
import { strictProgram } from "../strict/strict-program.js";
import { type DrawableGraph, drawableGraph } from "./drawable-graph.js";
import type { DrawnEdge, DrawnNode } from "./mermaid.js";
import type { NodeDefaults, NodeFunction, OwnStateOptions } from "./node.js";
import type { CompileOptions, StateGraphOptions } from "./options.js";
import { checkOutline, type KnownWay } from "./validate.js";

/** A node as it was added. */
export interface NodeDraft {
  readonly name: string;
  readonly action: { readonly kind: "function"; readonly run: NodeFunction } | { readonly kind: "graph"; readonly graph: CompiledGraph };
  readonly options: OwnStateOptions;
  /** Its own state, where it reads another one than the graph's. */
  readonly own: StateShape | undefined;
}

/** A graph as it was built up. */
export interface GraphDrafts {
  readonly nodes: ReadonlyMap<string, NodeDraft>;
  readonly edges: readonly (readonly [from: string, to: string])[];
  readonly joins: readonly { readonly name: string; readonly from: readonly string[]; readonly to: string }[];
  readonly branches: ReadonlyMap<string, readonly Branch[]>;
  readonly shape: StateShape;
  readonly defaults: NodeDefaults;
  readonly graph: StateGraphOptions;
}

export interface Compiled {
  readonly program: Program;
  readonly drawing: () => DrawableGraph;
  readonly subgraphs: ReadonlyMap<string, CompiledGraph>;
}

/** Turns what was built up into what runs. Takes time in proportion to nodes and edges. */
export function compileProgram(drafts: GraphDrafts, options: CompileOptions): Compiled {
  const { interruptBefore = [], interruptAfter = [] } = options;
  const ways = waysOf(drafts);
  const stops = [interruptBefore, interruptAfter].flatMap((names) => (names === "*" ? [] : [...names]));
  checkOutline({ nodes: drafts.nodes, ways: [...ways, ...waysOfHandlers(drafts)] }, stops);
  const keys = stateKeys(drafts);
  const exits = exitsByNode(drafts);
  const subgraphs = new Map<string, CompiledGraph>();
  const nodes = new Map<string, NodeSpec>();
  const entries = new Map<string, string>();
  for (const draft of drafts.nodes.values()) {
    if (draft.action.kind === "graph") subgraphs.set(draft.name, draft.action.graph);
    const node = nodeSpec(draft, nodes.size, exits(draft.name), keys.private ? keys.state : undefined, drafts.defaults);
    nodes.set(draft.name, node);
    entries.set(node.entry[0], draft.name);
  }
  const program: Program = {
    name: options.name ?? "LangGraph",
    nodes,
    entries,
    start: exits(START),
    channels: keys.channels,
    joins: Object.fromEntries(drafts.joins.map(({ name, from, to }) => [name, { barrier: new Barrier([...new Set(from)]), target: to }])),
    stateKeys: keys.private ? keys.state : undefined,
    inputKeys: keys.input,
    outputKeys: keys.output ?? keys.state,
    allKeys: keys.all,
    ephemeralKeys: Object.keys(keys.channels).filter((key) => keys.channels[key]?.ephemeral === true),
    unsavedKeys: Object.keys(keys.channels).filter((key) => keys.channels[key]?.saved === false),
    inputSchemas: keys.inputSchemas,
    valueSchemas: keys.valueSchemas,
    contextSchema: drafts.graph.context,
    interruptBefore,
    interruptAfter,
    onCodeChange: options.onCodeChange,
  };
  return { program: options.strict ? strictProgram(program) : program, subgraphs, drawing: once(() => draw(program, ways)) };
}

function nodeSpec(
  { name, action, options, own }: NodeDraft,
  index: number,
  { writes, branches }: Exits,
  stateKeys: readonly string[] | undefined,
  { retryPolicy, timeout, errorHandler }: NodeDefaults,
): NodeSpec {
  const handle = options.errorHandler ?? errorHandler;
  return {
    name,
    index,
    writes,
    branches,
    entry: entryOf(name),
    run:
      action.kind === "function"
        ? (action.run as NodeSpec["run"])
        : (input, runtime) => action.graph.invoke(input as Record<string, unknown>, configOfCall(runtime, options.metadata) as never),
    isGraph: action.kind === "graph",
    reads: own === undefined ? stateKeys : Object.keys(own.channels),
    retry: options.retryPolicy ?? retryPolicy,
    handler: handle && {
      name: `__error_handler__${name}`,
      handle: handle as NonNullable<NodeSpec["handler"]>["handle"],
      retry: retryPolicy,
      timeout,
    },
    timeout: options.timeout ?? timeout,
    defer: options.defer ?? false,
    metadata: options.metadata,
    fingerprint: once(() => fingerprintOf(action)),
  };
}

/**
 * What a graph that is a node must be told of the task that calls it. The rest of the runtime it takes over from the run around by itself, and
 * would have to be read out of it again.
 */
function configOfCall(runtime: Runtime, metadata: OwnStateOptions["metadata"]): Record<PropertyKey, unknown> {
  const config: Record<PropertyKey, unknown> = { [TASK_CONTEXT]: (runtime as Runtime & { [TASK_CONTEXT]?: unknown })[TASK_CONTEXT] };
  if (runtime.callbacks !== undefined) config.callbacks = runtime.callbacks;
  if (runtime.signal !== undefined) config.signal = runtime.signal;
  if (metadata !== undefined) config.metadata = metadata;
  return config;
}

/** Follows from the source of a node's function, or of all the nodes of its graph. */
function fingerprintOf(action: NodeDraft["action"]): string {
  if (action.kind === "function") return hash128(String(action.run));
  return hash128([...action.graph.program.nodes.values()].map((node) => `${node.name} ${node.fingerprint()}`).join("\n"));
}

/** All channels, the state's and those that input, output and nodes add; and which of them belong to which. */
function stateKeys({ shape, graph, nodes }: GraphDrafts) {
  const input = graph.input === undefined ? undefined : readStateShape(graph.input);
  const output = graph.output === undefined ? undefined : readStateShape(graph.output);
  // Without a prototype, so that a state key "constructor" is one like any other.
  const channels: Record<string, Channel> = Object.create(null);
  for (const { own } of nodes.values()) Object.assign(channels, own?.channels);
  Object.assign(channels, output?.channels, input?.channels, shape.channels);
  const state = [
    ...new Set([...Object.keys(shape.channels), ...Object.keys(input?.channels ?? {}), ...Object.keys(output?.channels ?? {})]),
  ];
  return {
    channels,
    state,
    all: [...new Set([...state, ...Object.keys(channels)])],
    private: Object.keys(channels).length > state.length,
    input: input === undefined ? undefined : Object.keys(input.channels),
    output: output === undefined ? undefined : Object.keys(output.channels),
    inputSchemas: (input ?? shape).schemas,
    valueSchemas: (input ?? shape).valueSchemas,
  };
}

function exitsByNode({ edges, joins, branches }: GraphDrafts): (name: string) => Exits {
  const targets = new Map<string, string[]>();
  const taken = new Map<string, string[]>();
  for (const [from, to] of edges) if (to !== END) push(targets, from, to);
  for (const { name, from, to } of joins) if (to !== END) for (const source of from) push(taken, source, name);
  const writesOf = (name: string): Write[] => {
    const next = targets.get(name);
    const writes = next === undefined ? [] : next.length === 1 ? [entryOf(next[0]!)] : Array.from(new Set(next), entryOf);
    for (const join of taken.get(name) ?? []) writes.push([join, name]);
    return writes;
  };
  return (name) => ({ writes: writesOf(name), branches: branches.get(name) ?? NO_BRANCHES });
}

const NO_BRANCHES: readonly Branch[] = [];

const entryOf = (name: string): Write => [BRANCH_PREFIX + name, null];

function push(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

interface Way extends KnownWay {
  readonly conditional: boolean;
  readonly label?: string;
}

function waysOf({ nodes, edges, joins, branches }: GraphDrafts): Way[] {
  const ways: Way[] = edges.map(([source, target]) => ({ source, target, conditional: false }));
  for (const { from, to } of joins) for (const source of from) ways.push({ source, target: to, conditional: false });
  for (const [source, list] of branches) {
    for (const { ends } of list) {
      if (ends === undefined) ways.push({ source, target: undefined, conditional: true });
      else for (const [label, target] of Object.entries(ends)) ways.push({ source, target, conditional: true, label });
    }
  }
  for (const { name, options } of nodes.values())
    for (const target of options.ends ?? []) ways.push({ source: name, target, conditional: true });
  return ways;
}

/** A handler may lead anywhere, as in LangGraph. It is not drawn so: `ends` says what is. */
const waysOfHandlers = ({ nodes, defaults }: GraphDrafts): KnownWay[] =>
  [...nodes.values()].flatMap(({ name, options }) =>
    (options.errorHandler ?? defaults.errorHandler) === undefined ? [] : [{ source: name, target: undefined }],
  );

function draw({ nodes, interruptBefore, interruptAfter }: Program, ways: readonly Way[]): DrawableGraph {
  const names = [...nodes.keys()];
  const leaves = new Set(ways.map(({ source }) => source));
  const [chosen, taken] = [ways.filter(({ conditional }) => conditional), ways.filter(({ conditional }) => !conditional)];
  const inOrder = [...taken.sort((one, other) => (one.source < other.source ? -1 : Number(one.source > other.source))), ...chosen];
  const edges = inOrder.flatMap(({ source, target, conditional, label }): DrawnEdge[] => {
    const targets = target === undefined ? [...names, END] : [target];
    return targets.map((to) => ({
      source,
      target: to,
      conditional,
      ...(label === undefined || label === to ? undefined : { data: label }),
    }));
  });
  // A node without a way out ends the run.
  for (const name of names) if (!leaves.has(name)) edges.push({ source: name, target: END, conditional: false });
  const stops = (list: Program["interruptBefore"], name: string) => list !== "*" && list.includes(name);
  const drawn = ({ name, metadata }: NodeSpec): DrawnNode => {
    const stop = [stops(interruptBefore, name) ? "before" : "", stops(interruptAfter, name) ? "after" : ""].filter(Boolean).join(",");
    const notes = { ...metadata, ...(stop === "" ? undefined : { __interrupt: stop }) };
    return Object.keys(notes).length === 0 ? { id: name, name } : { id: name, name, metadata: notes };
  };
  return drawableGraph([...nodes.values()].map(drawn), edges);
}

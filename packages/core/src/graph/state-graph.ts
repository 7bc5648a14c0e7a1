import { END, JOIN_PREFIX, START } from "../constants.js";
import { GraphError } from "../errors.js";
import { isGenerator } from "../is-generator.js";
import { CompiledGraph } from "../pregel/compiled-graph.js";
import type { Branch } from "../pregel/model/program.js";
import type { Runtime } from "../pregel/model/runtime.js";
import type { AnnotationRoot, StateOf } from "../state/annotation.js";
import type { InferState, InferUpdate } from "../state/infer.js";
import type { SchemaOutput, StandardSchema } from "../state/standard-schema.js";
import { readStateShape, type StateInput, type StateShape } from "../state/state-schema.js";
import { checkCompileOptions, checkGraphOptions, checkNodeDefaults, checkNodeOptions } from "./check-options.js";
import { compileProgram, type NodeDraft } from "./compile.js";
import type { Invokable, NodeDefaults, NodeFunction, OwnStateOptions } from "./node.js";
import type { CompileOptions, StateGraphOptions } from "./options.js";
import { readForms } from "./read-forms.js";
import { readBranch, readNodes } from "./read-parts.js";
import { checkContext, checkEdge, checkNodeName, checkStateKeys } from "./validate.js";

type OutputOf<State, Options> = Options extends { output: infer Output } ? InferState<Output> : State;
type InputOf<Update, Options> = Options extends { input: infer Input } ? InferUpdate<Input> : Update;
type ContextOf<Options> = Options extends { context: infer Schema extends StandardSchema }
  ? SchemaOutput<Schema>
  : Options extends StandardSchema
    ? SchemaOutput<Options>
    : Options extends AnnotationRoot<infer Definition>
      ? StateOf<Definition>
      : unknown;

/** What may stand behind the state: options, or the context's schema alone. */
// biome-ignore lint/suspicious/noExplicitAny: a bound for inference
type SecondForm = StateGraphOptions | StandardSchema<any, any> | AnnotationRoot<any>;

interface OneObject<Input extends StateInput> extends StateGraphOptions {
  readonly state: Input;
}

interface OneObjectByItsOlderName<Input extends StateInput> extends StateGraphOptions {
  readonly stateSchema: Input;
}

/**
 * Builds a graph of steps over a shared state; `compile()` makes it runnable.
 *
 * Nodes are functions from the state to an update of it. Nodes that are due at the same time run in parallel, in one super-step; their
 * updates are applied in the order of their names, whichever finished first.
 * @example
 * ```ts
 * import { Annotation, END, START, StateGraph } from "@holdpoint/core";
 * const State = Annotation.Root({ text: Annotation<string>() });
 * const graph = new StateGraph(State)
 *   .addNode("shout", (state) => ({ text: state.text.toUpperCase() }))
 *   .addEdge(START, "shout")
 *   .addEdge("shout", END)
 *   .compile();
 * console.log(await graph.invoke({ text: "hello" })); // { text: "HELLO" }
 * ```
 */
export class StateGraph<
  Input extends StateInput,
  Node extends string = never,
  const Options extends SecondForm = Record<never, never>,
  State = InferState<Input>,
  Update = InferUpdate<Input>,
> {
  readonly #shape: StateShape;
  readonly #options: StateGraphOptions;
  readonly #stateKeys: ReadonlySet<string>;
  readonly #nodes = new Map<string, NodeDraft>();
  readonly #edges: [from: string, to: string][] = [];
  readonly #joins: { readonly from: readonly string[]; readonly to: string }[] = [];
  readonly #branches = new Map<string, Branch[]>();
  #defaults: NodeDefaults = {};

  /**
   * @param state `Annotation.Root`, `StateSchema`, or an object schema (zod, valibot …); or an object `{ state, input, output, context }`. LangGraph's
   *   older forms are read too: `stateSchema` for `state`, and `{ channels: { key: null | { reducer, default } } }` (untyped)
   * @param options `{ input, output, context }`, or the context's schema alone
   * @throws GraphError INVALID_GRAPH, RESERVED_NAME
   */
  constructor(state: Input, options?: Options);
  constructor(whole: (OneObject<Input> | OneObjectByItsOlderName<Input>) & Options);
  constructor(state: unknown, options?: Options) {
    const forms = readForms(state, options);
    this.#shape = readStateShape(forms.state);
    this.#options = checkGraphOptions(forms.options);
    checkContext(this.#options.context);
    this.#stateKeys = new Set(Object.keys(this.#shape.channels));
    checkStateKeys(this.#stateKeys);
    for (const part of [this.#options.input, this.#options.output]) {
      if (part !== undefined) checkStateKeys(Object.keys(readStateShape(part).channels));
    }
  }

  /**
   * Adds a step: a function, a runnable, or a compiled graph that shares state keys with this one. The target of a `Send` gets what was
   * sent instead of the state: give its parameter that type.
   * @throws GraphError DUPLICATE_NODE, RESERVED_NAME, INVALID_OPTIONS, INVALID_GRAPH
   */
  addNode<Name extends string, NodeInput = State>(
    name: Name,
    action: NodeFunction<NodeInput, Update, ContextOf<Options>> | Invokable,
    options?: OwnStateOptions<NodeInput, Update, ContextOf<Options>>,
  ): StateGraph<Input, Node | Name, Options, State, Update>;
  addNode<Name extends string>(
    nodes:
      | Record<Name, NodeFunction<State, Update, ContextOf<Options>> | Invokable>
      | readonly (readonly [Name, NodeFunction<State, Update, ContextOf<Options>> | Invokable, OwnStateOptions?])[],
  ): StateGraph<Input, Node | Name, Options, State, Update>;
  addNode(nodes: unknown, action?: unknown, options?: OwnStateOptions): unknown {
    if (typeof nodes === "string") return this.#addOne(nodes, action, options);
    // Read to the end before the first is added: none of them is, where one is refused.
    for (const [name, one, own] of readNodes(nodes)) this.#addOne(name, one, own);
    return this;
  }

  #addOne(name: string, action: unknown, given: OwnStateOptions | undefined): this {
    checkNodeName(name, this.#nodes, this.#stateKeys);
    const options = checkNodeOptions(name, given);
    const own = options.input === undefined ? undefined : readStateShape(options.input);
    if (own !== undefined) checkStateKeys(Object.keys(own.channels));
    this.#nodes.set(name, { name, action: readAction(name, action), options, own });
    return this;
  }

  /**
   * Adds an edge. From a list of nodes it is a fan-in: the target runs once, when all of them have finished.
   * @throws GraphError INVALID_GRAPH; unknown nodes are found by `compile`
   */
  addEdge(from: Node | typeof START | readonly Node[], to: Node | typeof END): this {
    if ((from as string) === END) throw new GraphError("INVALID_GRAPH", "An edge cannot start at END.");
    if ((to as string) === START) throw new GraphError("INVALID_GRAPH", "An edge cannot lead to START.");
    checkEdge(from, to);
    if (typeof from === "string") this.#edges.push([from, to]);
    else if (from.length === 1) this.#edges.push([from[0] as string, to]);
    else if (from.length === 0)
      throw new GraphError("INVALID_GRAPH", `The fan-in edge to "${to}" starts at no node. Name the nodes that it waits for.`);
    else this.#joins.push({ from, to });
    return this;
  }

  /**
   * Adds an edge whose function chooses where to go, from the state as the node left it.
   * @param route the function, or a runnable
   * @param ends the possible nodes as a list, or a map from what the function returns to nodes; default: it returns nodes, and may return any
   */
  addConditionalEdges(
    from: Node | typeof START,
    route: (state: State, runtime: Runtime<ContextOf<Options>>) => unknown,
    ends?: { readonly [key: string]: Node | typeof END } | readonly string[],
  ): this;
  /** The same as one object. */
  addConditionalEdges(edge: {
    readonly source: Node | typeof START;
    readonly path: (state: State, runtime: Runtime<ContextOf<Options>>) => unknown;
    readonly pathMap?: { readonly [key: string]: Node | typeof END } | readonly string[] | undefined;
  }): this;
  addConditionalEdges(from: unknown, route?: unknown, ends?: unknown): this {
    const { source, branch } = readBranch(from, route, ends);
    const list = this.#branches.get(source);
    if (list === undefined) this.#branches.set(source, [branch]);
    else list.push(branch);
    return this;
  }

  /** Adds nodes with edges from each to the next. The first one still needs an edge that leads to it. */
  addSequence<Name extends string>(
    nodes:
      | Record<Name, NodeFunction<State, Update, ContextOf<Options>> | Invokable>
      | readonly (readonly [Name, NodeFunction<State, Update, ContextOf<Options>> | Invokable, OwnStateOptions?])[],
  ): StateGraph<Input, Node | Name, Options, State, Update> {
    this.addNode(nodes);
    const names = readNodes(nodes).map(([name]) => name);
    for (const [index, name] of names.entries()) {
      if (index > 0) this.#edges.push([names[index - 1] as string, name]);
    }
    return this as never;
  }

  /**
   * Says what nodes do that say nothing else in their own options, whenever they are added; what a later call says counts. Error handlers go by its
   * `retryPolicy` and `timeout` too, but a failure of theirs ends the run. Graphs inside have defaults of their own.
   * @throws GraphError INVALID_OPTIONS
   */
  setNodeDefaults(defaults: NodeDefaults<Update, ContextOf<Options>>): this {
    this.#defaults = { ...this.#defaults, ...checkNodeDefaults(defaults) };
    return this;
  }

  /** The options of the nodes so far, by name; a copy. */
  get nodes(): Readonly<Record<Node, OwnStateOptions>> {
    return Object.fromEntries([...this.#nodes].map(([name, { options }]) => [name, { ...options }])) as Record<Node, OwnStateOptions>;
  }

  /** The edges so far from one node to another, START and END included; a copy. */
  get edges(): ReadonlySet<readonly [from: string, to: string]> {
    return new Set(this.#edges.map(([from, to]) => [from, to] as const));
  }

  /** The edges so far, with those of a fan-in each by itself; not those that a function chooses. A copy. */
  get allEdges(): ReadonlySet<readonly [from: string, to: string]> {
    return new Set([...this.edges, ...this.#joins.flatMap(({ from, to }) => from.map((source) => [source, to] as const))]);
  }

  /** Does the same as `addEdge(START, node)`. */
  setEntryPoint(node: Node): this {
    return this.addEdge(START, node);
  }

  /** Does the same as `addEdge(node, END)`. */
  setFinishPoint(node: Node): this {
    return this.addEdge(node, END);
  }

  /**
   * Checks the graph and makes it runnable. Later changes to the builder do not touch what was compiled.
   * @throws GraphError UNKNOWN_NODE, UNREACHABLE_NODE, INVALID_GRAPH: each names the node and what there is; INVALID_OPTIONS for an option that is not known
   */
  compile(
    given?: CompileOptions,
  ): CompiledGraph<OutputOf<State, Options>, InputOf<Update, Options>, Node, ContextOf<Options>, State, Update> {
    const options = checkCompileOptions(given);
    const joins = this.#joins.map(({ from, to }) => ({ name: `${JOIN_PREFIX}${from.join("|")}:${to}`, from, to }));
    const [shape, defaults] = [this.#shape, this.#defaults];
    const drafts = { nodes: this.#nodes, edges: this.#edges, joins, branches: this.#branches, shape, defaults, graph: this.#options };
    const { program, drawing, subgraphs } = compileProgram(drafts, options);
    return new CompiledGraph({
      program,
      drawing,
      subgraphs,
      checkpointer: options.checkpointer,
      store: options.store,
      gate: options.approvals,
      authorize: options.authorize,
      description: options.description,
    });
  }
}

function readAction(name: string, action: unknown): NodeDraft["action"] {
  if (typeof action === "function" && isGenerator(action))
    throw new GraphError(
      "INVALID_GRAPH",
      `Node "${name}" is a generator, whose code would not run. Return the update at the end, and show what comes before with runtime.writer.`,
    );
  if (typeof action === "function") return { kind: "function", run: action as NodeFunction };
  if (action instanceof CompiledGraph) return { kind: "graph", graph: action };
  if (typeof action === "object" && action !== null && "invoke" in action && typeof action.invoke === "function") {
    const runnable = action as { invoke(input: unknown, config: unknown): unknown };
    return { kind: "function", run: ((input: unknown, runtime: Runtime) => runnable.invoke(input, runtime)) as NodeFunction };
  }
  throw new GraphError("INVALID_GRAPH", `Node "${name}" is neither a function, nor a runnable, nor a compiled graph.`);
}

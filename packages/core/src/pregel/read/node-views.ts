import type { BaseStore } from "@holdpoint/checkpoint";
import { START } from "../../constants.js";
import { interrupt } from "../context/interrupt.js";
import type { GraphConfig } from "../model/graph-config.js";
import type { NodeSpec, Program, RetryPolicy } from "../model/program.js";
import type { Runtime } from "../model/runtime.js";

/** A node of a compiled graph, to look at and to try out. */
export interface NodeView<Graph = unknown> {
  readonly name: string;
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
  readonly retryPolicy: RetryPolicy | undefined;
  readonly timeout: number | undefined;
  readonly defer: boolean;
  /** The graph, where one was added as the node. */
  readonly subgraphs: readonly Graph[];
  /**
   * Runs the node's code alone, for tests of it: once, whatever its `retryPolicy` and `timeout`, with nothing saved or streamed.
   * @param input what it is to find as the state; reducers, defaults and schemas have no part in it
   * @returns what the code returns: an update, or a `Command`
   * @throws what the code throws; GraphError OUTSIDE_RUN where it asks, or calls a task
   */
  invoke(input: unknown, config?: GraphConfig<never>): Promise<unknown>;
}

/** What a graph's nodes are made of. */
interface ViewedGraph<Graph> {
  readonly program: Program;
  readonly store: BaseStore | undefined;
  readonly subgraphs: ReadonlyMap<string, Graph>;
}

/** Describes a graph's nodes by name, in the order in which they were added. As in LangGraph, a graph of nodes has a first one `__start__`, which gives what it gets. */
export function nodeViews<Graph>({ program, store, subgraphs }: ViewedGraph<Graph>): Record<string, NodeView<Graph>> {
  const { inputKey, outputKeys } = program;
  const views = [...program.nodes.values()].map((node): [string, NodeView<Graph>] => {
    const inside = subgraphs.get(node.name);
    const run = async (input: unknown, config?: GraphConfig<never>) => node.run(input, runtimeOf(node, store, config));
    // An entrypoint's function gets its input and gives its result as they are.
    const runFunction = async (input: unknown, config?: GraphConfig<never>) =>
      ((await run({ [inputKey as string]: input }, config)) as Record<string, unknown>)[outputKeys as string];
    return [
      node.name,
      { ...facts(node), subgraphs: inside === undefined ? [] : [inside], invoke: inputKey === undefined ? run : runFunction },
    ];
  });
  // With own keys only, so that a node named "__proto__" is one like any other.
  return Object.fromEntries(inputKey === undefined ? [[START, START_VIEW], ...views] : views);
}

const facts = ({ name, metadata, retry, timeout, defer }: NodeSpec) => ({ name, metadata, retryPolicy: retry, timeout, defer });

const START_VIEW: NodeView<never> = {
  name: START,
  metadata: undefined,
  retryPolicy: undefined,
  timeout: undefined,
  defer: false,
  subgraphs: [],
  invoke: async (input) => input,
};

/** What the code gets beside its input, where no run is around it. */
function runtimeOf({ metadata }: NodeSpec, store: BaseStore | undefined, config: GraphConfig<never> = {}): Runtime {
  const { configurable = {}, tags = [], recursionLimit = 25, store: own = store, ...given } = config;
  return {
    ...given,
    configurable,
    metadata: { ...config.metadata, ...metadata },
    tags: [...tags],
    recursionLimit,
    remainingSteps: recursionLimit,
    store: own,
    writer: () => undefined,
    interrupt,
  } as Runtime;
}

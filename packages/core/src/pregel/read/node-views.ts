import type { BaseStore } from "@holdpoint/checkpoint";
import { START } from "../../constants.js";
import { interrupt } from "../context/interrupt.js";
import type { GraphConfig } from "../model/graph-config.js";
import type { NodeSpec, Program } from "../model/program.js";
import type { Runtime } from "../model/runtime.js";

/** A node of a compiled graph, to be looked at and tried by itself. */
export interface NodeView {
  readonly name: string;
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
  /**
   * Calls the node's function, or its graph, once and without a run of its own, with what it would be given: for tests of one node. Nothing is saved, streamed, tried
   * again or led on; outside of any run `interrupt()` throws OUTSIDE_RUN.
   * @param input what it is to find as the state; reducers, defaults and schemas have no part in it
   * @param config what its second argument is made of: `configurable`, `context`, `metadata`, `tags`, `store`; the store that was given to `compile` is there
   * @returns what the node returns
   */
  invoke(input: unknown, config?: object): Promise<unknown>;
}

/** The nodes by name. Of a graph of nodes `__start__` is the first, which gives back what it gets; of an entrypoint the only one is its function. */
export function nodeViews(program: Program, store: BaseStore | undefined): Readonly<Record<string, NodeView>> {
  const views = [...program.nodes.values()].map((node) => [node.name, viewOf(node, program, store)] as const);
  return Object.freeze(Object.fromEntries(program.inputKey === undefined ? [[START, START_VIEW], ...views] : views));
}

const START_VIEW: NodeView = { name: START, metadata: undefined, invoke: async (input) => input };

function viewOf(node: NodeSpec, { inputKey, outputKeys }: Program, store: BaseStore | undefined): NodeView {
  const { name, metadata } = node;
  const run = async (input: unknown, config: GraphConfig = {}) => node.run(input, runtimeOf(node, store, config));
  if (inputKey === undefined) return { name, metadata, invoke: run };
  // An entrypoint's function gets its input and gives its result as they are.
  const runFunction = async (input: unknown, config?: GraphConfig) =>
    ((await run({ [inputKey]: input }, config)) as Record<string, unknown>)[outputKeys as string];
  return { name, metadata, invoke: runFunction };
}

/** What the code gets beside its input, where no run is around it. */
function runtimeOf({ metadata }: NodeSpec, ofGraph: BaseStore | undefined, config: GraphConfig): Runtime {
  const { configurable = {}, tags = [], recursionLimit = 25, store = ofGraph } = config;
  const own = {
    configurable,
    tags: [...tags],
    recursionLimit,
    remainingSteps: recursionLimit,
    metadata: { ...config.metadata, ...metadata },
  };
  return { writer: () => undefined, interrupt, ...config, ...own, store } as Runtime;
}

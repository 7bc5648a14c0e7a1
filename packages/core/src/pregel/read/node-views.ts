import { START } from "../../constants.js";
import type { NodeSpec, Program } from "../model/program.js";
import type { Runtime } from "../model/runtime.js";

/** A node of a compiled graph, to be looked at and tried by itself. */
export interface NodeView {
  readonly name: string;
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
  /**
   * Calls the node's function, or its graph, once and without a run of its own, with what it would be given: for tests of one node. Nothing is saved, tried again or
   * led on; outside of any run `interrupt()` throws OUTSIDE_RUN.
   * @returns what the node returns
   */
  invoke(input: unknown, config?: object): Promise<unknown>;
}

/** The nodes by name, `__start__` first, which gives back what it gets. */
export function nodeViews({ nodes }: Program): Readonly<Record<string, NodeView>> {
  const start: NodeView = { name: START, metadata: undefined, invoke: async (input) => input };
  return Object.freeze(Object.fromEntries([[START, start], ...[...nodes].map(([name, node]) => [name, viewOf(node)])]));
}

const viewOf = ({ name, metadata, run }: NodeSpec): NodeView => ({
  name,
  metadata,
  invoke: async (input, config = {}) => run(input, config as Runtime),
});

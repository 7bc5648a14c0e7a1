import { GraphError } from "../errors.js";
import { CLASS_NAME, isOther } from "./class-name.js";

/**
 * Runs a node in the next step with an input of its own, beside and as often as you like: map-reduce.
 *
 * Returned by a conditional edge or given as `Command({ goto })`. Each `Send` is a task with its own saved result.
 * @example
 * ```ts
 * import { Send } from "@holdpoint/core";
 * const perCity = (state: { cities: string[] }) => state.cities.map((city) => new Send("weather", { city }));
 * ```
 */
export class Send<out Node extends string = string, out Args = unknown> {
  readonly node: Node;
  readonly args: Args;

  constructor(node: Node, args: Args) {
    // LangGraph's takes options, which TypeScript does not know of here.
    // biome-ignore lint/complexity/noArguments: a rest parameter would be a list for each Send
    if (arguments.length > 2 && (arguments[2] as { timeout?: unknown } | undefined)?.timeout !== undefined) throw timedSend(node);
    this.node = node;
    this.args = args;
  }

  /** Plain form in which the runtime saves it. */
  toJSON(): { node: Node; args: Args } {
    return { node: this.node, args: this.args };
  }
}
Object.defineProperty(Send.prototype, CLASS_NAME, { value: "Send" });

/**
 * The `Send` that a value is, as one of this copy of the package; undefined where it is none.
 * @throws GraphError INVALID_UPDATE for one of LangGraph that limits its task's time, which would go unseen
 */
export function toSend(value: unknown): Send | undefined {
  if (value instanceof Send) return value;
  if (!isOther(value, "Send")) return undefined;
  if (value.timeout !== undefined) throw timedSend(value.node);
  return new Send(value.node as string, value.args);
}

const timedSend = (node: unknown): GraphError =>
  new GraphError("INVALID_UPDATE", `The Send to "${String(node)}" has a timeout, which a node has here: addNode("…", fn, { timeout }).`);

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
    this.node = node;
    this.args = args;
  }

  /** Plain form in which the runtime saves it. */
  toJSON(): { node: Node; args: Args } {
    return { node: this.node, args: this.args };
  }
}

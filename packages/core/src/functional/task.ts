import { GraphError } from "../errors.js";
import { checkTaskOptions } from "../graph/check-options.js";
import { isGenerator } from "../is-generator.js";
import type { RetryPolicy } from "../pregel/model/program.js";
import { callTask } from "../pregel/run/call-task.js";

export interface TaskOptions<Args extends readonly unknown[]> {
  readonly name: string;
  /** Tries a failed attempt again. Default: no second attempt. */
  readonly retry?: RetryPolicy;
  /** Milliseconds that each attempt may take; then it fails (NODE_TIMEOUT), and the signal of its runtime is aborted. Default: no limit. */
  readonly timeout?: number;
  /** Tells calls apart by what they are about (an order's number) instead of by their order, so that the order may change. */
  readonly key?: (...args: Args) => string;
  /** Leaves the task out of the stream modes `updates`, `tasks` and `debug`. Default false. */
  readonly hidden?: boolean;
}

/**
 * Makes a side effect durable: inside a node, tool or entrypoint each call runs once, and its result is saved before it is returned. When the
 * node runs again, after an interrupt, a failure or a crash, the call returns the saved result.
 *
 * Calls are told apart by name and order, or by `key`. A call that fails is not saved and runs again. Between the effect and its saving a crash
 * can still fall: give what you call an idempotency key where it takes one. What a task returns must be a value that can be saved.
 * @throws GraphError INVALID_OPTIONS; from the call OUTSIDE_RUN outside of a graph's run, NODE_TIMEOUT
 * @example
 * ```ts
 * import { interrupt, task } from "@holdpoint/core";
 * const draftMail = task("draft", async (to: string) => `Dear ${to} …`);
 * const node = async (state: { to: string }) => {
 *   const draft = await draftMail(state.to); // once, however often the node runs
 *   return { sent: interrupt({ draft }) };
 * };
 * ```
 */
export function task<Args extends readonly unknown[], Result>(
  options: string | TaskOptions<Args>,
  run: (...args: Args) => Result | Promise<Result>,
): (...args: Args) => Promise<Result> {
  const read = typeof options === "string" ? ({ name: options } as TaskOptions<Args>) : checkTaskOptions(options);
  const { name, retry, timeout, key, hidden } = read;
  if (typeof name !== "string" || name === "")
    throw new GraphError("INVALID_OPTIONS", 'A task needs a name that is not empty: task("name", fn).');
  if (typeof run !== "function")
    throw new GraphError("INVALID_OPTIONS", `The task "${name}" needs the function that it runs: task("${name}", async () => …).`);
  if (isGenerator(run))
    throw new GraphError(
      "INVALID_OPTIONS",
      `The task "${name}" is a generator, of which no result can be saved. Report its parts with getWriter().`,
    );
  return (...args) => callTask({ name, retry, timeout, hidden, input: args, key: key?.(...args), run: () => run(...args) });
}

import { hash128 } from "@holdpoint/checkpoint";
import { NAMESPACE_SEPARATOR } from "../constants.js";
import { GraphError } from "../errors.js";
import { Interrupt } from "./interrupt-types.js";
import { currentTask, type TaskContext } from "./run-context.js";

const SIGNAL = Symbol.for("holdpoint.InterruptSignal");

/** Leaves the code of a paused task. Not an error: let it pass through `catch` (`isGraphInterrupt` tells it apart). */
export class InterruptSignal extends Error {
  readonly interrupts: readonly Interrupt[];

  constructor(interrupts: readonly Interrupt[]) {
    super("The task waits for an answer. This signal is how the runtime leaves it; code that catches it should throw it again.");
    this.name = "GraphInterrupt";
    this.interrupts = interrupts;
    Object.defineProperty(this, SIGNAL, { value: true });
  }
}

/** Tells a pause on its way out of a node from an error: `catch (e) { if (isGraphInterrupt(e)) throw e; … }`. */
export const isGraphInterrupt = (value: unknown): value is InterruptSignal => typeof value === "object" && value !== null && SIGNAL in value;

/**
 * Pauses the run here and shows `value` to a person; returns the answer once there is one (seed: "Pause using interrupt").
 *
 * The run is saved and ends, with the question in `__interrupt__`. On `new Command({ resume: answer })` the node runs again from its
 * beginning, and this call returns the answer: put side effects after it, or into `task()`. Several calls in one node are matched by
 * their order. Works in nodes, tools, tasks and subgraphs; nothing that the node catches or returns can undo the pause.
 * @param value what to show: any value that can be saved
 * @returns the answer, as it was given
 * @throws GraphError OUTSIDE_RUN outside of a graph's run, MISSING_CHECKPOINTER without a checkpointer
 * @example
 * ```ts
 * import { interrupt } from "@holdpoint/core";
 * const humanNode = (state: { some_text: string }) => ({ some_text: interrupt<string>({ text_to_revise: state.some_text }) });
 * ```
 */
export function interrupt<Answer = unknown, Value = unknown>(value: Value): Answer {
  const context = currentTask();
  if (context === undefined) {
    throw new GraphError(
      "OUTSIDE_RUN",
      "interrupt() was called outside of a graph's run. Call it in a node, tool or task; where the async context is lost, use the node's second argument: runtime.interrupt(value).",
    );
  }
  return interruptIn(context, value);
}

/** As `interrupt`, for a task that is known. */
export function interruptIn<Answer = unknown, Value = unknown>(context: TaskContext, value: Value): Answer {
  const { run, scope } = context;
  if (run.saver === undefined) {
    throw new GraphError("MISSING_CHECKPOINTER", `Node "${scope.name}" called interrupt(), but the graph was compiled without a checkpointer. Pass one: compile({ checkpointer }).`);
  }
  leaveIfPaused(context);
  const index = context.interrupts++;
  const id = interruptId(scope.ns, index);
  const decision = run.decisions.get(id);
  if (decision !== undefined) return decision.value as Answer;
  context.pause([new Interrupt({ value, ns: scope.ns.split(NAMESPACE_SEPARATOR), id })]);
  throw new InterruptSignal(context.raised);
}

/** Follows from the call's place alone, so that it is the same in each attempt and in any process. */
export const interruptId = (ns: string, index: number): string => hash128(`${ns}#${index}`);

/** Stops code that went on although its task is paused: whatever it does next was not approved. */
export function leaveIfPaused(context: TaskContext): void {
  if (context.paused) throw new InterruptSignal(context.raised);
}

import type { BaseStore } from "@holdpoint/checkpoint";
import { GraphError } from "../../errors.js";
import type { Runtime } from "../model/runtime.js";
import { shownInput } from "../plan/map-input.js";
import { currentBridge } from "./bridge.js";
import { currentTask, type TaskContext } from "./run-context.js";

/** The runtime of the node, task or tool that is running; undefined outside of a run. */
export const currentRuntime = (): Runtime | undefined => currentTask()?.runtime;

function required(what: string): Runtime {
  const runtime = currentRuntime();
  if (runtime !== undefined) return runtime;
  throw new GraphError(
    "OUTSIDE_RUN",
    `${what}() was called outside of a graph's run. Call it in a node, a tool or a task, or use the node's second argument.`,
  );
}

/** Gives what a node gets as its second argument, anywhere inside of it. Throws OUTSIDE_RUN elsewhere. */
export const getConfig = (): Runtime => required("getConfig");

/** Gives the store of the run; undefined if neither `compile` nor the call was given one. Throws OUTSIDE_RUN outside of a run. */
export const getStore = (): BaseStore | undefined => required("getStore").store;

/** Gives the function that sends chunks to the stream mode `custom`. Throws OUTSIDE_RUN outside of a run. */
export const getWriter = (): ((chunk: unknown) => void) => required("getWriter").writer;

/** Sends a chunk to the stream mode `custom`. Throws OUTSIDE_RUN outside of a run. */
export const writer = (chunk: unknown): void => required("writer").writer(chunk);

/**
 * Gives what the running node got: the state, what a `Send` brought, or an entrypoint's input; in tools and in `task()` calls too. In a tool whose call was sent by
 * itself, as an agent does, it is the whole state of the graph when the step began. Throws OUTSIDE_RUN outside of a run.
 */
export function getCurrentTaskInput<State = unknown>(): State {
  required("getCurrentTaskInput");
  const { input, run } = currentTask() as TaskContext;
  return (currentBridge().isPartOfState?.(input) === true ? { ...run.state.values } : shownInput(run.program, input)) as State;
}

/**
 * Gives the whole state of the graph whose node, tool or task is running, as it stood when the step began; undefined outside of a run.
 * A `Send`'s task gets only its own input: this is how it reads the rest.
 */
export const currentState = (): Readonly<Record<string, unknown>> | undefined => currentTask()?.run.state.values;

import type { BaseStore } from "@holdpoint/checkpoint";
import type { InterruptFunction } from "./interrupt-types.js";

/** Marks the runtime object of a task, so that a graph called with it knows where it is called from. */
export const TASK_CONTEXT: unique symbol = Symbol.for("holdpoint.taskContext") as never;

/**
 * What a node gets as its second argument: a LangChain-style config (pass it on to models and tools as it is), with what the graph adds.
 *
 * `interrupt` here is the same as the imported one, for places where AsyncLocalStorage does not reach.
 */
export interface Runtime<Context = unknown> {
  /** `thread_id`, `checkpoint_ns` of this task, and whatever else the caller put there. */
  readonly configurable: Readonly<Record<string, unknown>>;
  /** The `context` given to `invoke` or `stream`. */
  readonly context: Context;
  readonly signal?: AbortSignal;
  /** Documents that outlive the thread: the store given to the call, to `compile`, or to the graph around; undefined if there is none. */
  readonly store: BaseStore | undefined;
  /** Sends a chunk to the stream mode `custom`. */
  readonly writer: (chunk: unknown) => void;
  readonly interrupt: InterruptFunction;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly tags: string[];
  // biome-ignore lint/suspicious/noExplicitAny: a model library's own type, which it must be able to take again
  readonly callbacks: any;
  readonly recursionLimit: number;
  /** Super-steps that the run may take after this one. */
  readonly remainingSteps: number;
}

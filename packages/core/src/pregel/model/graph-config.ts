import type { BaseStore } from "@holdpoint/checkpoint";
import type { StreamMode } from "./stream-mode.js";

/** How a run's saves reach the storage; see `docs/durability.md`. */
export type Durability = "sync" | "async" | "exit";

/** What a caller of `invoke`, `stream`, `getState` … may say. A LangChain config fits as it is. */
export interface GraphConfig<Context = unknown> {
  /**
   * `thread_id` names the conversation (needed with a checkpointer), `checkpoint_id` an older checkpoint to start from,
   * `checkpoint_ns` a subgraph (`getState`, `getStateHistory`, `updateState`). Other keys reach the nodes.
   */
  readonly configurable?: {
    readonly thread_id?: string;
    readonly checkpoint_id?: string;
    readonly checkpoint_ns?: string;
    readonly [key: string]: unknown;
  };
  /** Super-steps that a run may take. Default 25. */
  readonly recursionLimit?: number;
  /** Stops the run between and, for nodes that heed it, within steps. Finished tasks stay saved. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that the whole run may take. */
  readonly timeout?: number | undefined;
  /** Data of this run for nodes and tools, not saved. */
  readonly context?: Context;
  /** Tasks of one step that run at the same time. Default: all. */
  readonly maxConcurrency?: number | undefined;
  /** When saves are waited for. Default "sync": each step is durable before the next one starts. */
  readonly durability?: Durability;
  /** LangGraph's name from before `durability`: false is "exit". @deprecated */
  readonly checkpointDuring?: boolean;
  /** What a run does when another one has its thread: fail with THREAD_BUSY ("reject", the default) or wait in line ("enqueue"). */
  readonly multitaskStrategy?: "reject" | "enqueue";
  readonly interruptBefore?: readonly string[] | "*";
  readonly interruptAfter?: readonly string[] | "*";
  readonly tags?: readonly string[] | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly callbacks?: unknown;
  readonly runName?: string | undefined;
  readonly runId?: string | undefined;
  /** Takes the place of the one given to `compile`. */
  readonly store?: BaseStore | undefined;
}

/** One key of the state, or a list of them. */
export type OutputKeys<State> = (keyof State & string) | readonly (keyof State & string)[];

/** What `outputKeys` leaves of a state or an update. */
// In this order, so that `ReturnType` finds all of it.
export type Shown<State, Keys> = [Keys] extends [string]
  ? State[Keys & keyof State]
  : [Keys] extends [readonly string[]]
    ? Pick<State, Keys[number] & keyof State>
    : State;

/** What a caller of `invoke` may say. */
export interface InvokeOptions<Context = unknown, Keys = unknown> extends GraphConfig<Context> {
  /**
   * What the result shows, and of a stream the modes `values` and `updates`: a list of keys gives objects with these, one key its value alone.
   * Default: of a result the output of the graph, of a stream the whole state. Graphs inside show what they give to the graph around.
   */
  readonly outputKeys?: Keys;
}

export interface StreamOptions<
  Context = unknown,
  Mode extends StreamMode | readonly StreamMode[] = StreamMode | readonly StreamMode[],
  Subgraphs extends boolean = boolean,
  Keys = unknown,
> extends InvokeOptions<Context, Keys> {
  /** One mode gives chunks, a list gives `[mode, chunk]`. Default "updates". */
  readonly streamMode?: Mode;
  /** Adds the subgraphs' events, with the namespace in front: `[ns, chunk]` or `[ns, mode, chunk]`. Default false: of these, only `custom`. */
  readonly subgraphs?: Subgraphs;
}

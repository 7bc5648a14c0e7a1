import type { CheckpointConfig, CheckpointMetadata } from "@holdpoint/checkpoint";
import type { INTERRUPT } from "../../constants.js";
import type { Interrupt } from "./interrupt-types.js";
import type { StreamMode } from "./stream-mode.js";
import type { TaskPath } from "./task.js";

// An alias, so that declarations which show a chunk can spell it out.
type Paused = { [INTERRUPT]?: readonly Interrupt[] };

/**
 * What a model library's messages are, for the stream mode `messages`. Core knows no library: the one that registers its bridge says it, by
 * adding `message` to this interface, as `@holdpoint/prebuilt` does for LangChain's `BaseMessage`.
 */
// biome-ignore lint/suspicious/noEmptyInterface: what is added to it gives it its meaning
export interface StreamedMessages {}

/** A message, or a piece of one, as the model library gives it. */
export type StreamedMessage = StreamedMessages extends { readonly message: infer Message } ? Message : unknown;

/** Where a message came from, with the metadata of the run and of the model. Each message has one of its own. */
export interface MessageMetadata {
  langgraph_step: number;
  langgraph_node: string;
  langgraph_triggers: readonly string[];
  langgraph_path: readonly (string | number)[];
  langgraph_checkpoint_ns: string;
  thread_id?: string;
  tags?: readonly string[];
  [key: string]: unknown;
}

/** What the mode `tasks` shows as a task begins. */
export interface TaskStartChunk {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
  readonly triggers: readonly string[];
  readonly interrupts: readonly Interrupt[];
  /** What the call and the node say of themselves, the call's tags among it; absent where that is nothing. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly result?: undefined;
  readonly error?: undefined;
}

/** What the mode `tasks` shows as a task ends. */
export interface TaskResultChunk<Update = unknown> {
  readonly id: string;
  readonly name: string;
  readonly result: Update;
  readonly interrupts: readonly Interrupt[];
  /** What a failed task threw, as plain data. */
  readonly error: { readonly name: string; readonly message: string } | null;
  readonly input?: undefined;
  readonly triggers?: undefined;
}

/**
 * What the mode `checkpoints` shows of a saved step, as `getState` does. A run that goes on from a saved step shows it first, with what was done and asked of
 * the one that follows.
 */
export interface CheckpointChunk<State = unknown> {
  readonly config: CheckpointConfig;
  /** Absent for the first checkpoint of a thread. */
  readonly parentConfig?: CheckpointConfig;
  readonly values: State;
  readonly metadata?: CheckpointMetadata;
  readonly next: readonly string[];
  readonly tasks: readonly {
    readonly id: string;
    readonly name: string;
    readonly path: TaskPath;
    readonly interrupts: readonly Interrupt[];
    /** What it wrote, where it had finished. */
    readonly result?: unknown;
    readonly error?: unknown;
    /** The place of the graph that the task runs: `getState` takes it. */
    readonly state?: CheckpointConfig;
  }[];
}

/** What the mode `debug` shows: the chunks of the modes `tasks` and `checkpoints`, with step and time. */
export type DebugChunk<State = unknown, Update = unknown> = { readonly step: number; readonly timestamp: string } & (
  | { readonly type: "checkpoint"; readonly payload: CheckpointChunk<State> }
  | { readonly type: "task"; readonly payload: TaskStartChunk }
  | { readonly type: "task_result"; readonly payload: TaskResultChunk<Update> }
);

/** The chunk of one mode. */
export interface ModeChunk<State, Update, Node extends string> {
  values: State & Paused;
  updates: { [Name in Node]?: Update } & Paused;
  messages: [message: StreamedMessage, metadata: MessageMetadata];
  custom: unknown;
  tasks: TaskStartChunk | TaskResultChunk<Update>;
  checkpoints: CheckpointChunk<State>;
  debug: DebugChunk<State, Update>;
}

/** What `stream` gives, by `streamMode` and `subgraphs`. */
export type StreamChunk<State, Update, Node extends string, Mode, Subgraphs extends boolean> = Mode extends StreamMode
  ? Subgraphs extends true
    ? [ns: string[], chunk: ModeChunk<State, Update, Node>[Mode]]
    : ModeChunk<State, Update, Node>[Mode]
  : Mode extends readonly StreamMode[]
    ? TaggedChunk<State, Update, Node, Mode[number], Subgraphs>
    : never;

type TaggedChunk<State, Update, Node extends string, Mode extends StreamMode, Subgraphs extends boolean> = Mode extends StreamMode
  ? Subgraphs extends true
    ? [ns: string[], mode: Mode, chunk: ModeChunk<State, Update, Node>[Mode]]
    : [mode: Mode, chunk: ModeChunk<State, Update, Node>[Mode]]
  : never;

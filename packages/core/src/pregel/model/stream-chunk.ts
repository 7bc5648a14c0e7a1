import type { INTERRUPT } from "../../constants.js";
import type { Interrupt } from "./interrupt-types.js";
import type { StreamMode } from "./stream-mode.js";

// An alias, so that declarations which show a chunk can spell it out.
type Paused = { [INTERRUPT]?: readonly Interrupt[] };

/** The chunk of one mode. */
export interface ModeChunk<State, Update, Node extends string> {
  values: State & Paused;
  updates: { [Name in Node]?: Update } & Paused;
  /** The message or piece of one, as the model library gives it, and where it came from. */
  messages: [message: unknown, metadata: Record<string, unknown>];
  custom: unknown;
  tasks: Record<string, unknown>;
  checkpoints: Record<string, unknown>;
  debug: { step: number; type: string; timestamp: string; payload: unknown };
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

import { GraphError } from "../../errors.js";
import { kindOf } from "../../read-options.js";

/**
 * What a stream shows: `values` the state after each step, `updates` each task's update, `messages` a model's tokens, `custom` what nodes
 * send with `writer` (those of subgraphs too, whether or not these are asked for), `tasks` and `checkpoints` the run's inner events, `debug` both of these with step and time.
 */
export type StreamMode = "values" | "updates" | "messages" | "custom" | "tasks" | "checkpoints" | "debug";

const MODES: readonly string[] = ["values", "updates", "messages", "custom", "tasks", "checkpoints", "debug"] satisfies StreamMode[];

/** Reads what a caller wants to see. A mode that there is not would be a stream without chunks. @throws GraphError INVALID_CONFIG */
export function readModes(streamMode: unknown): readonly StreamMode[] {
  const modes: readonly unknown[] = Array.isArray(streamMode) ? streamMode : [streamMode];
  const wrong = modes.findIndex((mode) => !MODES.includes(mode as string));
  if (wrong === -1) return modes as readonly StreamMode[];
  throw new GraphError(
    "INVALID_CONFIG",
    `streamMode is ${kindOf(modes[wrong])}, or holds it. There are: ${MODES.join(", ")}; one of them, or a list.`,
  );
}

/** Takes the events of a run, its subgraphs' too where it asks for them. */
export interface StreamSink {
  readonly modes: ReadonlySet<StreamMode>;
  readonly subgraphs: boolean;
  push(ns: readonly string[], mode: StreamMode, chunk: unknown): void;
  /** Resolves when the reader has caught up; undefined when it has. */
  drained(): Promise<void> | undefined;
}

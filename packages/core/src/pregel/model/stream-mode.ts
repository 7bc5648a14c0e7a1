/**
 * What a stream shows: `values` the state after each step, `updates` each task's update, `messages` a model's tokens, `custom` what nodes
 * send with `writer` (those of subgraphs too, whether or not these are asked for), `tasks` and `checkpoints` the run's inner events, `debug` both of these with step and time.
 */
export type StreamMode = "values" | "updates" | "messages" | "custom" | "tasks" | "checkpoints" | "debug";

/** Takes the events of a run, its subgraphs' too where it asks for them. */
export interface StreamSink {
  readonly modes: ReadonlySet<StreamMode>;
  readonly subgraphs: boolean;
  push(ns: readonly string[], mode: StreamMode, chunk: unknown): void;
  /** Resolves when the reader has caught up; undefined when it has. */
  drained(): Promise<void> | undefined;
}

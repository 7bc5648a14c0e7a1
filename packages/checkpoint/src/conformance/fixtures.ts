import { checkpointId } from "../index.js";
import type { ChannelVersions, Checkpoint, CheckpointConfig, CheckpointMetadata, CheckpointSaver, CheckpointTuple } from "../types.js";

let threads = 0;

export interface ThreadFixture {
  readonly threadId: string;
  readonly ns: string;
  /** Config of the line, naming no checkpoint. */
  readonly config: CheckpointConfig;
}

/** A thread that no other case uses. */
export function newThread(ns = ""): ThreadFixture {
  threads += 1;
  const threadId = `conformance-${process.pid}-${threads}`;
  return { threadId, ns, config: { configurable: { thread_id: threadId, checkpoint_ns: ns } } };
}

export function at(thread: ThreadFixture, checkpoint: Checkpoint): CheckpointConfig {
  return { configurable: { thread_id: thread.threadId, checkpoint_ns: thread.ns, checkpoint_id: checkpoint.id } };
}

export function metadata(step: number, more: Record<string, unknown> = {}): CheckpointMetadata {
  return { source: step < 0 ? "input" : "loop", step, parents: {}, ...more };
}

/** A checkpoint without parent: every channel is written by it. */
export function firstCheckpoint(values: Record<string, unknown>): Checkpoint {
  const id = checkpointId();
  return {
    v: 4,
    id,
    ts: "2026-01-01T00:00:00.000Z",
    channel_values: values,
    channel_versions: Object.fromEntries(Object.keys(values).map((channel) => [channel, id])),
    versions_seen: { __input__: {} },
  };
}

/** A child whose `changes` were written; undefined values empty a channel, whose version stays. */
export function childOf(parent: Checkpoint, changes: Record<string, unknown>): Checkpoint {
  const id = checkpointId(parent.id);
  const values = { ...parent.channel_values };
  const versions = { ...parent.channel_versions };
  for (const [channel, value] of Object.entries(changes)) {
    if (value === undefined) delete values[channel];
    else values[channel] = value;
    versions[channel] = id;
  }
  const seen = { ...parent.versions_seen, node: { ...parent.versions_seen.node, ...parent.channel_versions } };
  return { v: 4, id, ts: "2026-01-01T00:00:01.000Z", channel_values: values, channel_versions: versions, versions_seen: seen };
}

/** Channels whose version is not the parent's. */
export function newVersions(checkpoint: Checkpoint, parent?: Checkpoint): ChannelVersions {
  const entries = Object.entries(checkpoint.channel_versions).filter(([channel, version]) => parent?.channel_versions[channel] !== version);
  return Object.fromEntries(entries);
}

/** Puts a checkpoint the way the runtime does it, as a child of `parent`. */
export function put(
  saver: CheckpointSaver,
  thread: ThreadFixture,
  checkpoint: Checkpoint,
  parent?: Checkpoint,
  step = 0,
): Promise<CheckpointConfig> {
  const config = parent === undefined ? thread.config : at(thread, parent);
  return saver.put(config, checkpoint, metadata(step), newVersions(checkpoint, parent), parent);
}

export async function collect(tuples: AsyncIterable<CheckpointTuple>): Promise<CheckpointTuple[]> {
  const result: CheckpointTuple[] = [];
  for await (const tuple of tuples) result.push(tuple);
  return result;
}

export async function idsOf(tuples: AsyncIterable<CheckpointTuple>): Promise<string[]> {
  return (await collect(tuples)).map((tuple) => tuple.checkpoint.id);
}

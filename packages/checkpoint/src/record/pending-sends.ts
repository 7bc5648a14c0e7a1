import type { ChannelVersion, Checkpoint, CheckpointPendingWrite } from "../types.js";

const TASKS = "__pregel_tasks";
/** Before this format, a checkpoint's sends were kept with the writes of its parent. */
const FIRST_WITH_SENDS = 4;

export function needsPendingSends(checkpoint: Checkpoint): boolean {
  return checkpoint.v < FIRST_WITH_SENDS;
}

/** Brings a checkpoint of an older LangGraph up to format 4: puts the parent's pending sends into their channel. */
export function withPendingSends(checkpoint: Checkpoint, parentWrites: readonly CheckpointPendingWrite[]): Checkpoint {
  const sends = parentWrites.filter(([, channel]) => channel === TASKS).map(([, , value]) => value);
  const versions = Object.values(checkpoint.channel_versions);
  return {
    ...checkpoint,
    channel_values: { ...checkpoint.channel_values, [TASKS]: sends },
    channel_versions: { ...checkpoint.channel_versions, [TASKS]: versions.length === 0 ? 1 : versions.reduce(later) },
  };
}

function later(a: ChannelVersion, b: ChannelVersion): ChannelVersion {
  return a >= b ? a : b;
}

import { checkpointId } from "../ids/checkpoint-id.js";
import type { Checkpoint } from "../types.js";

/** Makes a checkpoint of nothing, with an id and a time of its own: where a saver's tests, or a thread put together by hand, begin. */
export const emptyCheckpoint = (): Checkpoint => ({
  v: 4,
  id: checkpointId(),
  ts: new Date().toISOString(),
  channel_values: {},
  channel_versions: {},
  versions_seen: {},
});

/** Copies a checkpoint, its records of channels included, so that either may be changed without the other; the values of channels are shared. */
export function copyCheckpoint({ v, id, ts, channel_values, channel_versions, versions_seen }: Checkpoint): Checkpoint {
  const seen = Object.entries(versions_seen ?? {}).map(([node, { ...versions }]) => [node, versions]);
  return {
    v,
    id,
    ts,
    channel_values: { ...channel_values },
    channel_versions: { ...channel_versions },
    versions_seen: Object.fromEntries(seen) as Checkpoint["versions_seen"],
  };
}

import { checkpointId } from "../ids/checkpoint-id.js";
import type { Checkpoint } from "../types.js";

/** Makes a checkpoint of an empty state, with a new id and the present time. For savers and their tests; the runtime makes its own. */
export const emptyCheckpoint = (): Checkpoint => ({
  v: 4,
  id: checkpointId(),
  ts: new Date().toISOString(),
  channel_values: {},
  channel_versions: {},
  versions_seen: {},
});

/** Copies a checkpoint, so that either can get and lose keys without the other. The values of the channels are shared. */
export const copyCheckpoint = ({ v, id, ts, channel_values, channel_versions, versions_seen }: Checkpoint): Checkpoint => ({
  v,
  id,
  ts,
  channel_values: { ...channel_values },
  channel_versions: { ...channel_versions },
  versions_seen: Object.fromEntries(Object.entries(versions_seen ?? {}).map(([name, seen]) => [name, { ...seen }])),
});

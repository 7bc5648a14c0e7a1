import type { CheckpointConfig, CheckpointPendingWrite, CheckpointTuple } from "@holdpoint/checkpoint";

/** What one channel got since its value was last stored: LangGraph's `DeltaChannelHistory`. */
export interface ChannelHistory {
  /** Oldest first. */
  writes: CheckpointPendingWrite[];
  /** The stored value that they come on top of; absent if there is none. */
  seed?: unknown;
}

/**
 * Walks from a checkpoint's parent up its branch, and collects for each channel the writes down to the nearest stored value, those beside
 * that one included: what LangGraph builds a `DeltaChannel` from.
 */
export async function channelHistory(
  getTuple: (config: CheckpointConfig) => Promise<CheckpointTuple | undefined>,
  config: CheckpointConfig,
  channels: readonly string[],
): Promise<Record<string, ChannelHistory>> {
  const histories = new Map<string, ChannelHistory>(channels.map((channel) => [channel, { writes: [] }]));
  const open = new Set(channels);
  let at = open.size === 0 ? undefined : (await getTuple(config))?.parentConfig;
  while (at !== undefined && open.size > 0) {
    const tuple = await getTuple(at);
    if (tuple === undefined) break;
    for (const channel of open) {
      const history = histories.get(channel)!;
      // Collected newest first, turned at the end: a long branch must not shift a long list at every step.
      history.writes.push(...(tuple.pendingWrites ?? []).filter(([, written]) => written === channel).toReversed());
      if (!Object.hasOwn(tuple.checkpoint.channel_values, channel)) continue;
      history.seed = tuple.checkpoint.channel_values[channel];
      open.delete(channel);
    }
    at = tuple.parentConfig;
  }
  for (const history of histories.values()) history.writes.reverse();
  return Object.fromEntries(histories);
}

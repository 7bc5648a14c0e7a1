import { type PendingWrite, WRITES_IDX_MAP } from "../types.js";

/** A write with its place among those of its task. */
export interface IndexedWrite {
  /** Negative for the channels of {@link WRITES_IDX_MAP}. */
  readonly index: number;
  readonly channel: string;
  readonly value: unknown;
  /** Whether it replaces an earlier write at its index; otherwise it is left out if there is one. */
  readonly replaces: boolean;
}

/** Index under which decisions are saved, as the peer's resume values are. */
export const DECISION_INDEX = -4;
/** Channel of decisions in the pending writes. */
export const DECISION_CHANNEL = "__resume__";

/** Gives each write of a task its index. */
export function indexWrites(writes: readonly PendingWrite[]): IndexedWrite[] {
  return writes.map(([channel, value], position) => {
    const reserved = Object.hasOwn(WRITES_IDX_MAP, channel) ? WRITES_IDX_MAP[channel] : undefined;
    return { index: reserved ?? position, channel, value, replaces: reserved !== undefined };
  });
}

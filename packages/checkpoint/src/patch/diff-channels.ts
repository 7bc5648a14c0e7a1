import { diff, type IsTrusted } from "./diff.js";
import { diffObject } from "./diff-object.js";
import type { DiffChild, Difference, Patch } from "./patch.js";
import type { PlainObject } from "./plain.js";

/** What is known of the channels of the two checkpoints. */
export interface ChannelFacts {
  /** The channels that were written between the two. */
  readonly written: readonly string[];
  /** Whether the old value of a channel, as it is in memory, is what was stored. */
  isAsStored(channel: string): boolean;
  /** The same of a container inside of one. */
  readonly isPartAsStored: IsTrusted;
}

/**
 * Finds how the channel values of a checkpoint differ from its parent's. A channel whose version stayed is unchanged, whatever its value
 * looks like; one that was written is compared by identity.
 *
 * A channel that was written and still holds the same object, or whose old value is not what was stored, may have been changed in place:
 * it is stored whole.
 */
export function diffChannels(before: PlainObject, after: PlainObject, facts: ChannelFacts): Difference | undefined {
  const dropped: unknown[] = [];
  const ofChannel: DiffChild = (old, value, list, channel) =>
    diffChannel(old, value, list, facts.isAsStored(channel), facts.isPartAsStored);
  const patch = diffObject(before, after, dropped, ofChannel, facts.written);
  return patch === undefined ? undefined : { patch, dropped };
}

/** The same for one channel that was written; adds to `dropped`. Undefined where it is stored whole. */
export function diffChannel(
  before: unknown,
  after: unknown,
  dropped: unknown[],
  isAsStored: boolean,
  isPartAsStored: IsTrusted,
): Patch | undefined {
  if ((before === after && typeof after === "object") || !isAsStored) return undefined;
  const difference = diff(before, after, isPartAsStored);
  for (const part of difference?.dropped ?? []) dropped.push(part);
  return difference?.patch;
}

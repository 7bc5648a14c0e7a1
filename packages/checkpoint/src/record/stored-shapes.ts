import { isPlainArray, isPlainObject } from "../patch/plain.js";
import type { ChannelVersion, Checkpoint } from "../types.js";
import { isReserved } from "./reserved-channel.js";

// A patch is right only if the old value in memory still is what was stored. State is immutable by contract, but a node that pushes to a
// list it was given breaks that quietly, and the next patch would not fit the stored list. So the size that each container had when it was
// stored is remembered; one that has another size since is stored whole.

interface Shape {
  readonly size: number;
  /** Version of the channel whose value it is; undefined for a container inside one. */
  readonly version: ChannelVersion | undefined;
}

const shapes = new WeakMap<object, Shape>();

const MAX_LEVELS = 3;
/** Containers remembered inside one channel value; beyond that, a change is stored with the container around it. */
const MAX_INSIDE = 200;
/** Items of a longer list (messages, as a rule) are stored whole when they change. */
const MAX_ITEMS = 32;

/** Remembers the channel values of a checkpoint as stored; all of them, or those of some channels. */
export function rememberShapes({ channel_values, channel_versions }: Checkpoint, channels?: readonly string[]): void {
  for (const channel of channels ?? Object.keys(channel_values)) rememberShape(channel, channel_values[channel], channel_versions[channel]);
}

/** Tells whether a channel's value is, as far as its size tells, what was stored under that version. */
export function isChannelAsStored(value: unknown, version: ChannelVersion | undefined): boolean {
  if (typeof value !== "object" || value === null) return true;
  const shape = shapes.get(value);
  return shape !== undefined && shape.version === version && shape.size === sizeOf(value);
}

/** Tells the same of a container inside of a channel's value. */
export function isPartAsStored(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return shapes.get(value)?.size === sizeOf(value);
}

/** Remembers the value of one channel as stored under this version. */
export function rememberShape(channel: string, value: unknown, version: ChannelVersion | undefined): void {
  if (!isContainer(value) || isReserved(channel)) return;
  shapes.set(value, { size: sizeOf(value), version });
  rememberInside(value, MAX_INSIDE, 1);
}

function rememberInside(container: object, budget: number, level: number): number {
  let left = budget;
  if (level > MAX_LEVELS || (isPlainArray(container) && container.length > MAX_ITEMS)) return left;
  for (const part of Object.values(container) as unknown[]) {
    if (left <= 0) return 0;
    if (!isContainer(part)) continue;
    const size = sizeOf(part);
    if (shapes.get(part)?.size !== size) shapes.set(part, { size, version: undefined });
    left = rememberInside(part, left - 1, level + 1);
  }
  return left;
}

function isContainer(value: unknown): value is object {
  return isPlainArray(value) || isPlainObject(value);
}

function sizeOf(container: object): number {
  return Array.isArray(container) ? container.length : Object.keys(container).length;
}

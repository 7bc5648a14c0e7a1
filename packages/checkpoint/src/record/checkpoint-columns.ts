import type { ChannelVersion, ChannelVersions, Checkpoint } from "../types.js";
import type { ChannelShape } from "./channel-shape.js";

/** Stands for the value of a channel that has none. */
export const ABSENT: unique symbol = Symbol("absent");

/** What checkpoint columns are made of. The lists belong to them from then on, and are changed by nobody. */
export interface ColumnParts {
  readonly id: string;
  readonly ts: string;
  readonly shape: ChannelShape;
  /** The channels' values, in their order; `ABSENT` where a channel has none. */
  readonly values: readonly unknown[];
  /** The channels' versions, in their order; undefined where a channel has none. */
  readonly versions: readonly (ChannelVersion | undefined)[];
  /** `versions_seen`, where another runtime has put something there. */
  readonly seen?: Checkpoint["versions_seen"] | undefined;
}

/**
 * A checkpoint by columns instead of by names: with many channels, copying two lists for the next one takes a hundredth of what copying and comparing
 * objects does. `channel_values` and `channel_versions` are made when they are first read.
 */
export class CheckpointColumns implements Checkpoint, ColumnParts {
  readonly v = FORMAT;
  readonly id: string;
  readonly ts: string;
  // Out of sight: whoever looks through a checkpoint's own fields finds none that a checkpoint does not have.
  readonly #parts: ColumnParts;
  #whole: Checkpoint | undefined;

  /** @param whole the same with names, where that is at hand */
  constructor(parts: ColumnParts, whole?: Checkpoint) {
    this.id = parts.id;
    this.ts = parts.ts;
    this.#parts = parts;
    this.#whole = whole;
  }

  get shape(): ChannelShape {
    return this.#parts.shape;
  }

  get values(): readonly unknown[] {
    return this.#parts.values;
  }

  get versions(): readonly (ChannelVersion | undefined)[] {
    return this.#parts.versions;
  }

  get channel_values(): Record<string, unknown> {
    return this.whole().channel_values;
  }

  get channel_versions(): ChannelVersions {
    return this.whole().channel_versions;
  }

  get seen(): Checkpoint["versions_seen"] | undefined {
    return this.#parts.seen;
  }

  get versions_seen(): Checkpoint["versions_seen"] {
    return this.whole().versions_seen;
  }

  toJSON(): Checkpoint {
    return this.whole();
  }

  /** The same as a plain object. */
  whole(): Checkpoint {
    this.#whole ??= {
      v: FORMAT,
      id: this.id,
      ts: this.ts,
      channel_values: this.namedValues(),
      channel_versions: this.namedVersions() as ChannelVersions,
      versions_seen: this.#parts.seen ?? {},
    };
    return this.#whole;
  }

  /** `channel_values`, new at each call. */
  namedValues(): Record<string, unknown> {
    const named: Record<string, unknown> = {};
    const { shape, values } = this.#parts;
    const { channels } = shape;
    for (let at = 0; at < channels.length; at++) if (values[at] !== ABSENT) setOwn(named, channels[at]!, values[at]);
    return named;
  }

  /** `channel_versions`, mapped, new at each call. */
  namedVersions(map: (version: unknown) => unknown = asItIs): Record<string, unknown> {
    const named: Record<string, unknown> = {};
    const { shape, versions } = this.#parts;
    const { channels } = shape;
    for (let at = 0; at < channels.length; at++) {
      const version = versions[at];
      if (version !== undefined) setOwn(named, channels[at]!, map(version));
    }
    return named;
  }
}

/** LangGraph's checkpoint format. */
export const FORMAT = 4;

const asItIs = (version: unknown): unknown => version;

/** Assigned, this one name would set the prototype. */
function setOwn(target: Record<string, unknown>, name: string, value: unknown): void {
  if (name === "__proto__") Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
  else target[name] = value;
}

/** A checkpoint that has the channels of its parent, and which of them were written since. */
export interface CheckpointChange {
  readonly checkpoint: CheckpointColumns;
  /** The parent, of the same shape, or of one that the checkpoint's continues. */
  readonly base: CheckpointColumns;
  /** Places of the channels that were written: each other one holds the same value, under the same version, in both. */
  readonly written: readonly number[];
}

/**
 * What has changed, where both are columns, no channel has lost its value or got it back, and nothing else differs; undefined where names must tell.
 */
export function changeOf(checkpoint: Checkpoint, base: Checkpoint | undefined, newVersions: ChannelVersions): CheckpointChange | undefined {
  if (!(checkpoint instanceof CheckpointColumns && base instanceof CheckpointColumns)) return undefined;
  if (checkpoint.seen !== base.seen || !checkpoint.shape.continues(base.shape)) return undefined;
  const written: number[] = [];
  for (const channel of Object.keys(newVersions)) {
    const place = checkpoint.shape.places.get(channel);
    if (place === undefined) return undefined;
    const isAbsent = checkpoint.values[place] === ABSENT;
    if (place < base.values.length && isAbsent !== (base.values[place] === ABSENT)) return undefined;
    written.push(place);
  }
  return { checkpoint, base, written };
}

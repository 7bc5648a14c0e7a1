/** Names kept by shapes that belong together: beyond it, new ones are not remembered. */
const MOST_NAMES = 50_000;

/** What all shapes that come from one another share. */
interface Family {
  names: number;
}

/**
 * The channels of a checkpoint, in their order. Checkpoints share a shape while no channel comes; the one with further channels is found again, so that
 * each is made once for all runs of a graph.
 */
export class ChannelShape {
  readonly channels: readonly string[];
  /** The place of each. */
  readonly places: ReadonlyMap<string, number>;
  /** The shape that this one continues. */
  readonly from: ChannelShape | undefined;
  readonly #family: Family;
  readonly #next = new Map<string, ChannelShape>();

  private constructor(channels: readonly string[], from: ChannelShape | undefined, family: Family) {
    this.channels = channels;
    this.places = new Map(channels.map((channel, place) => [channel, place]));
    this.from = from;
    this.#family = family;
  }

  /** One without channels, from which all others come. */
  static empty(): ChannelShape {
    return new ChannelShape([], undefined, { names: 0 });
  }

  /** This one with further channels behind it. */
  with(channels: readonly string[]): ChannelShape {
    if (channels.length === 0) return this;
    const key = channels.length === 1 ? channels[0]! : JSON.stringify(channels);
    const known = this.#next.get(key);
    if (known !== undefined && known.channels.length === this.channels.length + channels.length) return known;
    const made = new ChannelShape([...this.channels, ...channels], this, this.#family);
    if (this.#family.names + made.channels.length <= MOST_NAMES) {
      this.#family.names += made.channels.length;
      this.#next.set(key, made);
    }
    return made;
  }

  /** Whether it has the channels of that one, in the same places, with or without further ones. */
  continues(earlier: ChannelShape): boolean {
    let shape: ChannelShape | undefined = this;
    while (shape !== undefined && shape !== earlier) shape = shape.from;
    return shape !== undefined;
  }
}

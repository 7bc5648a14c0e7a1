import { CheckpointError } from "../checkpoint-error.js";
import { readRecord } from "../record/checkpoint-record.js";
import { checkpointPlace } from "../record/data-places.js";
import { type ChainLink, decodeCheckpoint, decodeCheckpoints } from "../record/decode-checkpoint.js";
import type { ThreadLine } from "../record/thread-point.js";
import type { Serializer } from "../serde/serializer.js";
import type { Checkpoint } from "../types.js";
import type { MemoryPoint } from "./memory-line.js";

/** Reads checkpoints, decoding each stored record at most once: a whole history costs as much as its records together. */
export class ChainReader {
  readonly #links = new Map<MemoryPoint, ChainLink>();

  constructor(private readonly serializer: Serializer) {}

  read(line: ThreadLine, point: MemoryPoint): Checkpoint {
    return decodeCheckpoint(this.#chain(line, point));
  }

  /**
   * Reads those of the points that are stored as changes, each chain of them at once. Leaves out those whose chain is damaged: to read one by itself
   * tells why.
   * @param points newest first
   */
  readAhead(line: ThreadLine, points: readonly MemoryPoint[]): Map<MemoryPoint, Checkpoint> {
    const found = new Map<MemoryPoint, Checkpoint>();
    const left = new Set(points);
    for (const newest of points) {
      if (newest.base === undefined || !left.has(newest)) continue;
      const wanted: MemoryPoint[] = [];
      for (let at: MemoryPoint | undefined = newest; at !== undefined; at = at.base) if (left.delete(at)) wanted.push(at);
      for (const checkpoint of this.#readChain(line, newest, wanted)) found.set(wanted.pop()!, checkpoint);
    }
    return found;
  }

  #readChain(line: ThreadLine, newest: MemoryPoint, wanted: readonly MemoryPoint[]): Checkpoint[] {
    try {
      const chain = this.#chain(line, newest);
      const links = new Set(wanted.map((point) => this.#links.get(point)));
      return decodeCheckpoints(chain, (link) => links.has(link));
    } catch (error) {
      if (CheckpointError.is(error, "CORRUPT_DATA")) return [];
      throw error;
    }
  }

  /** Oldest first. */
  #chain(line: ThreadLine, point: MemoryPoint): ChainLink[] {
    const chain: ChainLink[] = [];
    for (let at: MemoryPoint | undefined = point; at !== undefined; at = at.base) chain.push(this.#link(line, at));
    return chain.reverse();
  }

  #link(line: ThreadLine, point: MemoryPoint): ChainLink {
    const known = this.#links.get(point);
    if (known !== undefined) return known;
    const link = { id: point.id, record: readRecord(this.serializer.loads(point.data, checkpointPlace(line, point.id, point.base?.id))) };
    this.#links.set(point, link);
    return link;
  }
}

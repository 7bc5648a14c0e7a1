import { readRecord } from "../record/checkpoint-record.js";
import { checkpointPlace } from "../record/data-places.js";
import { type ChainLink, decodeCheckpoint } from "../record/decode-checkpoint.js";
import type { ThreadLine } from "../record/thread-point.js";
import type { Serializer } from "../serde/serializer.js";
import type { Checkpoint } from "../types.js";
import type { MemoryPoint } from "./memory-line.js";

/** Reads checkpoints, decoding each stored record at most once: a whole history costs as much as its records together. */
export class ChainReader {
  readonly #links = new Map<MemoryPoint, ChainLink>();

  constructor(private readonly serializer: Serializer) {}

  read(line: ThreadLine, point: MemoryPoint): Checkpoint {
    const chain: ChainLink[] = [];
    for (let at: MemoryPoint | undefined = point; at !== undefined; at = at.base) chain.push(this.#link(line, at));
    return decodeCheckpoint(chain.reverse());
  }

  #link(line: ThreadLine, point: MemoryPoint): ChainLink {
    const known = this.#links.get(point);
    if (known !== undefined) return known;
    const link = { id: point.id, record: readRecord(this.serializer.loads(point.data, checkpointPlace(line, point.id, point.base?.id))) };
    this.#links.set(point, link);
    return link;
  }
}

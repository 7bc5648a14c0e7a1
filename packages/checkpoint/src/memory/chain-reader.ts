import { readRecord } from "../record/checkpoint-record.js";
import { checkpointPlace } from "../record/data-places.js";
import { decodeChains } from "../record/decode-chains.js";
import { type ChainLink, decodeCheckpoint } from "../record/decode-checkpoint.js";
import { inPlace } from "../record/in-place.js";
import type { ThreadLine } from "../record/thread-point.js";
import type { Serializer } from "../serde/serializer.js";
import type { Checkpoint } from "../types.js";
import type { MemoryPoint } from "./memory-line.js";

interface PointLink extends ChainLink {
  readonly point: MemoryPoint;
}

/** Reads checkpoints, decoding each stored record at most once: a whole history costs as much as its records together. */
export class ChainReader {
  readonly #links = new Map<MemoryPoint, PointLink>();

  constructor(private readonly serializer: Serializer) {}

  read(line: ThreadLine, point: MemoryPoint): Checkpoint {
    return inPlace({ threadId: line.threadId, ns: line.ns, checkpointId: point.id }, () => decodeCheckpoint(this.#chain(line, point)));
  }

  /** Reads points that are stored as changes; see {@link decodeChains}. @param points newest first */
  readAhead(line: ThreadLine, points: readonly MemoryPoint[]): Map<MemoryPoint, Checkpoint> {
    return decodeChains(points, { chainOf: (point) => this.#chain(line, point), rowOf: ({ point }: PointLink) => point });
  }

  /** Oldest first. */
  #chain(line: ThreadLine, point: MemoryPoint): PointLink[] {
    const chain: PointLink[] = [];
    for (let at: MemoryPoint | undefined = point; at !== undefined; at = at.base) chain.push(this.#link(line, at));
    return chain.reverse();
  }

  #link(line: ThreadLine, point: MemoryPoint): PointLink {
    const known = this.#links.get(point);
    if (known !== undefined) return known;
    const place = checkpointPlace(line, point.id, point.base?.id);
    const link = { point, id: point.id, record: inPlace(place, () => readRecord(this.serializer.loads(point.data, place))) };
    this.#links.set(point, link);
    return link;
  }
}

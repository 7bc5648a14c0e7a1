import type { RecordSizes } from "../record/checkpoint-record.js";

type Data = string | Uint8Array;

/** A saved checkpoint. Never changed: what is built on it stays readable, even after another took its id. */
export interface MemoryPoint {
  readonly id: string;
  readonly parentId: string | undefined;
  /** The point that `data` is a patch on; undefined if it is whole. */
  readonly base: MemoryPoint | undefined;
  readonly data: Data;
  readonly metadata: Data;
  readonly sizes: RecordSizes;
}

export interface MemoryWrite {
  readonly taskId: string;
  readonly index: number;
  readonly channel: string;
  readonly data: Data;
  /** Set for decisions. */
  readonly revision?: number;
}

/** Checkpoints of one namespace of a thread, and the writes beside them. */
export class MemoryLine {
  readonly #points = new Map<string, MemoryPoint>();
  /** In ascending order. */
  readonly #ids: string[] = [];
  readonly #writes = new Map<string, Map<string, MemoryWrite>>();

  get(id: string): MemoryPoint | undefined {
    return this.#points.get(id);
  }

  newest(): MemoryPoint | undefined {
    const id = this.#ids.at(-1);
    return id === undefined ? undefined : this.#points.get(id);
  }

  /** Points older than `before`, newest first. */
  *newestFirst(before?: string): Generator<MemoryPoint> {
    const ids = before === undefined ? this.#ids : this.#ids.slice(0, placeOf(before, this.#ids));
    for (const id of ids.toReversed()) {
      const point = this.#points.get(id);
      if (point !== undefined) yield point;
    }
  }

  set(point: MemoryPoint): void {
    if (!this.#points.has(point.id)) insert(point.id, this.#ids);
    this.#points.set(point.id, point);
  }

  /** Removes a checkpoint and the writes beside it. */
  delete(id: string): void {
    this.#writes.delete(id);
    if (this.#points.delete(id)) this.#ids.splice(placeOf(id, this.#ids), 1);
  }

  /** Points, oldest first. */
  *points(): Generator<MemoryPoint> {
    for (const id of this.#ids) yield this.#points.get(id)!;
  }

  /** Checkpoints that have writes, also those that have not come yet. */
  idsOfWrites(): string[] {
    return [...this.#writes].flatMap(([id, writes]) => (writes.size === 0 ? [] : [id]));
  }

  isEmpty(): boolean {
    return this.#ids.length === 0 && this.idsOfWrites().length === 0;
  }

  /** Writes saved beside a checkpoint, by task and index; made when first asked for. */
  writesOf(checkpointId: string): Map<string, MemoryWrite> {
    const writes = this.#writes.get(checkpointId) ?? new Map<string, MemoryWrite>();
    this.#writes.set(checkpointId, writes);
    return writes;
  }

  /** Reads the writes in the order in which they were first saved. */
  readWrites(checkpointId: string): Iterable<MemoryWrite> {
    return this.#writes.get(checkpointId)?.values() ?? [];
  }
}

/** Key of a write among those beside a checkpoint. */
export function writeKey(taskId: string, index: number): string {
  return `${index} ${taskId}`;
}

function insert(id: string, ids: string[]): void {
  const place = placeOf(id, ids);
  if (place === ids.length) ids.push(id);
  else ids.splice(place, 0, id);
}

/** First position whose id is not below. New ids come last, as a rule. */
function placeOf(id: string, ids: readonly string[]): number {
  const last = ids.at(-1);
  if (last === undefined || last < id) return ids.length;
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ids[middle]! < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

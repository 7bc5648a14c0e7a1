import type { ParentContent, RecordSizes, ThreadLine } from "@holdpoint/checkpoint";

/** Where a checkpoint stands in the database. Not known before it is committed. */
export interface PointRow {
  pk: number | undefined;
  line: number | undefined;
}

/** A checkpoint as the next one needs it: saved, or on its way. */
export interface KnownPoint {
  readonly id: string;
  readonly row: PointRow;
  readonly sizes: RecordSizes;
  /** For runtimes that do not pass the parent. */
  readonly content?: ParentContent;
}

const MAX_LINES = 1000;

/**
 * Remembers, of the lines that were used last, the checkpoint that was last handed in or read. What it says of one stays true as long as the one is there,
 * which the database looks at when it is used: a row is never replaced by another of the same key.
 */
export class LineMemory {
  readonly #lines = new Map<string, KnownPoint>();

  get(line: ThreadLine, id: string): KnownPoint | undefined {
    const known = this.#lines.get(keyOf(line));
    return known?.id === id ? known : undefined;
  }

  set(line: ThreadLine, point: KnownPoint): void {
    const key = keyOf(line);
    this.#lines.delete(key);
    this.#lines.set(key, point);
    this.#trim();
  }

  /** Takes what was read; what is on its way to the database is newer. */
  offer(line: ThreadLine, point: KnownPoint): void {
    const known = this.#lines.get(keyOf(line));
    if (known === undefined || known.row.pk !== undefined) this.set(line, point);
  }

  /** Forgets a checkpoint that was not saved, if it is what is remembered. */
  forget(line: ThreadLine, point: KnownPoint): void {
    const key = keyOf(line);
    if (this.#lines.get(key) === point) this.#lines.delete(key);
  }

  #trim(): void {
    if (this.#lines.size <= MAX_LINES) return;
    for (const oldest of this.#lines.keys()) {
      this.#lines.delete(oldest);
      return;
    }
  }
}

function keyOf({ threadId, ns }: ThreadLine): string {
  return `${ns.length} ${ns}${threadId}`;
}

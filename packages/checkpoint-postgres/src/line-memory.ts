import type { ParentContent, RecordSizes, ThreadLine } from "@holdpoint/checkpoint";

/** A saved checkpoint as the next one needs it. */
export interface KnownPoint {
  readonly id: string;
  readonly pk: number;
  readonly line: number;
  readonly sizes: RecordSizes;
  /** For runtimes that do not pass the parent. */
  readonly content?: ParentContent;
}

const MAX_LINES = 1000;

/**
 * Remembers, of the lines that were used last, the checkpoint that was last saved or read. What it says of one stays true as long as the one is there,
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
    if (this.#lines.size <= MAX_LINES) return;
    for (const oldest of this.#lines.keys()) {
      this.#lines.delete(oldest);
      return;
    }
  }
}

function keyOf({ threadId, ns }: ThreadLine): string {
  return JSON.stringify([threadId, ns]);
}

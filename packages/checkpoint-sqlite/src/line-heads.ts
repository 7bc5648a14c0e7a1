import type { RecordSizes, ThreadLine } from "@holdpoint/checkpoint";
import { toKeyText } from "./key-text.js";

/** The newest checkpoint of a line, as far as the next one is stored as a change of it. */
export interface LineHead {
  /** Thread and namespace as key texts. */
  readonly thread: string;
  readonly space: string;
  readonly id: string;
  sizes: RecordSizes;
  /** Its row. Undefined until it is written, or if that failed. */
  pk: number | undefined;
  /** The transaction in which it was written, and the row of its line once that was looked up; undefined where that was one of its own. */
  written: { readonly transaction: number; line: number | undefined } | undefined;
}

/** Lines that are remembered: at least so many of those used last, at most twice as many. */
const LINES = 512;

/**
 * Remembers which row each line was last continued in, so that the next checkpoint need not look for it. It may be wrong: others may have deleted or
 * replaced the row. What is written with its help checks it.
 */
export class LineHeads {
  #young = new Map<string, LineHead>();
  #old = new Map<string, LineHead>();

  get(line: ThreadLine, id: string): LineHead | undefined {
    const key = keyOf(line);
    const head = this.#young.get(key) ?? this.#old.get(key);
    return head?.id === id ? head : undefined;
  }

  /** Makes this checkpoint the newest that is known of its line. */
  set(line: ThreadLine, id: string, sizes: RecordSizes, before?: LineHead): LineHead {
    const { thread, space } = before ?? { thread: toKeyText(line.threadId), space: toKeyText(line.ns) };
    const head: LineHead = { thread, space, id, sizes, pk: undefined, written: undefined };
    if (this.#young.size >= LINES) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(keyOf(line), head);
    return head;
  }
}

/** The length keeps thread and namespace apart, whatever they hold. */
const keyOf = ({ threadId, ns }: ThreadLine): string => `${threadId.length} ${threadId}${ns}`;

import { MemoryLine } from "./memory-line.js";

/** The lines of all threads. */
export class MemoryThreads {
  readonly #threads = new Map<string, Map<string, MemoryLine>>();

  get(threadId: string, ns: string): MemoryLine | undefined {
    return this.#threads.get(threadId)?.get(ns);
  }

  /** The line; made when first asked for. */
  open(threadId: string, ns: string): MemoryLine {
    const lines = this.#threads.get(threadId) ?? new Map<string, MemoryLine>();
    this.#threads.set(threadId, lines);
    const line = lines.get(ns) ?? new MemoryLine();
    lines.set(ns, line);
    return line;
  }

  ids(): Iterable<string> {
    return this.#threads.keys();
  }

  linesOf(threadId: string): Iterable<[ns: string, line: MemoryLine]> {
    return this.#threads.get(threadId) ?? [];
  }

  /** Whether nothing is saved of the thread. */
  isEmpty(threadId: string): boolean {
    return [...this.linesOf(threadId)].every(([, line]) => line.isEmpty());
  }

  /** Removes the lines in which nothing is left. @returns whether nothing is left of the thread */
  removeEmpty(threadId: string): boolean {
    const lines = this.#threads.get(threadId);
    for (const [ns, line] of lines ?? []) if (line.isEmpty()) lines?.delete(ns);
    if (lines === undefined || lines.size > 0) return lines === undefined;
    return this.#threads.delete(threadId);
  }

  delete(threadId: string): void {
    this.#threads.delete(threadId);
  }
}

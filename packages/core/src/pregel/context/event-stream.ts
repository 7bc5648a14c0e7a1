import type { StreamMode, StreamSink } from "../model/stream-mode.js";

export interface EventStreamOptions {
  readonly modes: readonly StreamMode[];
  readonly subgraphs: boolean;
  /** Gives `[mode, chunk]` instead of the chunk alone. */
  readonly tagged: boolean;
  /** Called when the reader leaves before the end. */
  readonly onCancel: () => void;
}

/** Chunks that a run may be ahead of its reader, before it waits. */
const HIGH_WATER_MARK = 256;

/**
 * Hands a run's events to one reader, in order: read it with `for await`. Leaving the loop stops the run after saving what is finished.
 */
export class EventStream implements StreamSink, AsyncIterableIterator<unknown> {
  readonly modes: ReadonlySet<StreamMode>;
  readonly subgraphs: boolean;
  readonly #tagged: boolean;
  readonly #onCancel: () => void;
  #queue: unknown[] = [];
  #read = 0;
  #ended = false;
  #error: { readonly error: unknown } | undefined;
  /** Calls of `next` that wait: more than one where a reader asks ahead. */
  #wakeReaders: (() => void)[] = [];
  #wakeWriters: (() => void)[] = [];
  #finished: Promise<unknown> | undefined;

  constructor(options: EventStreamOptions) {
    this.modes = new Set(options.modes);
    this.subgraphs = options.subgraphs;
    this.#tagged = options.tagged;
    this.#onCancel = options.onCancel;
  }

  /** Ends the stream when the run has, with its error if it failed. */
  follow(run: Promise<unknown>): this {
    this.#finished = run.then(
      () => this.#end(),
      (error) => {
        this.#error = { error };
        this.#end();
      },
    );
    return this;
  }

  push(ns: readonly string[], mode: StreamMode, chunk: unknown): void {
    if (this.#ended) return;
    const tagged = this.#tagged ? [mode, chunk] : chunk;
    this.#queue.push(this.subgraphs ? (this.#tagged ? [ns, mode, chunk] : [ns, chunk]) : tagged);
    this.#wake();
  }

  drained(): Promise<void> | undefined {
    if (this.#ended || this.#queue.length - this.#read < HIGH_WATER_MARK) return undefined;
    return new Promise((resolve) => this.#wakeWriters.push(resolve));
  }

  async next(): Promise<IteratorResult<unknown>> {
    while (this.#read === this.#queue.length) {
      if (this.#error !== undefined) {
        const { error } = this.#error;
        this.#error = undefined;
        throw error;
      }
      if (this.#ended) return { done: true, value: undefined };
      await new Promise<void>((resolve) => this.#wakeReaders.push(resolve));
    }
    const value = this.#queue[this.#read];
    this.#queue[this.#read++] = undefined;
    if (this.#read === this.#queue.length) {
      this.#queue = [];
      this.#read = 0;
    }
    if (this.#queue.length - this.#read < HIGH_WATER_MARK) this.#releaseWriters();
    return { done: false, value };
  }

  async return(): Promise<IteratorResult<unknown>> {
    if (!this.#ended) {
      this.#ended = true;
      this.#releaseWriters();
      this.#onCancel();
      await this.#finished;
    }
    this.#queue = [];
    this.#read = 0;
    this.#error = undefined;
    return { done: true, value: undefined };
  }

  async throw(error?: unknown): Promise<IteratorResult<unknown>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #end(): void {
    this.#ended = true;
    this.#wake();
    this.#releaseWriters();
  }

  #wake(): void {
    const waiting = this.#wakeReaders;
    this.#wakeReaders = [];
    for (const resolve of waiting) resolve();
  }

  #releaseWriters(): void {
    const waiting = this.#wakeWriters;
    this.#wakeWriters = [];
    for (const resolve of waiting) resolve();
  }
}

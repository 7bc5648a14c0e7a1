import type { CheckpointConfig, CheckpointListOptions, CheckpointSaver, CheckpointTuple } from "@holdpoint/checkpoint";
import { type Kind, OBJECT, readOptions } from "../../read-options.js";
import { findGraph, newestId, type Place, type ReadableGraph, readTuple } from "./get-state.js";
import type { StateSnapshot } from "./snapshot.js";

/** Where a history is read from. */
export interface HistorySource {
  readonly saver: CheckpointSaver;
  readonly config: CheckpointConfig;
}

interface Opened {
  readonly tuples: AsyncIterator<CheckpointTuple>;
  readonly place: Place;
  /** The checkpoint that none follows; undefined until the first has come, where that is the one. */
  newest: string | undefined;
}

const OPTIONS = {
  limit: ["a number", (value) => typeof value === "number" && !Number.isNaN(value)],
  before: OBJECT,
  filter: OBJECT,
} as const satisfies Record<keyof CheckpointListOptions, Kind>;

/** A thread's states, newest first, read as they are asked for. No generator: those make several promises of each state. */
export class StateHistory implements AsyncIterableIterator<StateSnapshot> {
  readonly #graph: ReadableGraph;
  readonly #open: () => HistorySource;
  readonly #options: CheckpointListOptions;
  #opened: Promise<Opened> | Opened | undefined;
  #left: number;

  /** @param open called when the first state is asked for; what it throws comes from there */
  constructor(graph: ReadableGraph, open: () => HistorySource, given: CheckpointListOptions | undefined) {
    this.#graph = graph;
    this.#open = open;
    this.#options = readOptions("getStateHistory()", given, OPTIONS);
    // Counted here too: some savers take a limit of 0 for none.
    this.#left = this.#options.limit ?? Number.POSITIVE_INFINITY;
  }

  async next(): Promise<IteratorResult<StateSnapshot, undefined>> {
    this.#opened ??= this.#start();
    const opened = this.#opened instanceof Promise ? await this.#opened : this.#opened;
    if (this.#left <= 0) return this.return();
    this.#left--;
    const { done, value: tuple } = await opened.tuples.next();
    if (done === true) return this.return();
    opened.newest ??= tuple.checkpoint.id;
    try {
      return { done: false, value: readTuple(opened.place, tuple, tuple.checkpoint.id !== opened.newest) };
    } catch (error) {
      // A loop does not tell an iterator that failed to end what it has open.
      await this.return();
      throw error;
    }
  }

  async return(): Promise<{ done: true; value: undefined }> {
    this.#left = 0;
    const opened = await this.#opened;
    await opened?.tuples.return?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #start(): Promise<Opened> {
    const { saver, config } = this.#open();
    const { thread_id: threadId = "", checkpoint_ns: ns = "", checkpoint_id: id } = config.configurable ?? {};
    const { before, filter } = this.#options;
    // Of a list of everything, the first is the newest.
    const newest = id === undefined && before === undefined && filter === undefined ? undefined : await newestId(saver, threadId, ns);
    const place = { graph: findGraph(this.#graph, ns), saver, threadId, ns, decisions: new Map() };
    const listed = { configurable: { ...config.configurable, thread_id: threadId, checkpoint_ns: ns } };
    this.#opened = { tuples: saver.list(listed, this.#options)[Symbol.asyncIterator](), place, newest };
    return this.#opened;
  }
}

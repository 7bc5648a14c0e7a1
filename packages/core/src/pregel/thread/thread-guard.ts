import type { CheckpointSaver } from "@holdpoint/checkpoint";
import { GraphError } from "../../errors.js";

/** A run that has its thread. */
export interface HeldThread {
  /** Says that the run has taken its input or its answers: others can see now what was decided. */
  begun(): void;
  /** Gives the thread back, once: later calls wait for the first one. */
  release(): Promise<void>;
}

/** Something that happens once. Whoever waits for it gets a promise; where nobody does, there is none. */
class Moment {
  #hasCome = false;
  #waiting: (() => void)[] | undefined;

  come(): void {
    this.#hasCome = true;
    for (const resolve of this.#waiting ?? []) resolve();
    this.#waiting = undefined;
  }

  wait(): Promise<void> {
    if (this.#hasCome) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting ??= [];
      this.#waiting.push(resolve);
    });
  }
}

interface Holder {
  readonly begun: Moment;
  readonly released: Moment;
}

const holders = new WeakMap<CheckpointSaver, Map<string, Holder>>();

/** Takes the thread for one run of this process; undefined while another run has it. */
export function holdThread(saver: CheckpointSaver, threadId: string): HeldThread | undefined {
  const threads = holders.get(saver) ?? new Map<string, Holder>();
  holders.set(saver, threads);
  if (threads.has(threadId)) return undefined;
  const begun = new Moment();
  const released = new Moment();
  threads.set(threadId, { begun, released });
  return {
    begun: () => begun.come(),
    release: async () => {
      threads.delete(threadId);
      begun.come();
      released.come();
    },
  };
}

/** Resolves when the run that has the thread has taken its input. */
export const whenBegun = (saver: CheckpointSaver, threadId: string): Promise<void> =>
  holders.get(saver)?.get(threadId)?.begun.wait() ?? Promise.resolve();

/** Resolves when the thread may be free. */
export const whenReleased = (saver: CheckpointSaver, threadId: string): Promise<void> =>
  holders.get(saver)?.get(threadId)?.released.wait() ?? Promise.resolve();

export const threadBusy = (threadId: string): GraphError =>
  new GraphError(
    "THREAD_BUSY",
    `Thread "${threadId}" is being run already. Two runs at once would mix their steps: wait for the first one, read its stream to the end or leave it, or pass { multitaskStrategy: "enqueue" } to wait in line. Nothing was changed.`,
  );

/** The error of a node that would wait for its own end. */
export const ownThread = (threadId: string): GraphError =>
  new GraphError(
    "THREAD_BUSY",
    `A node of thread "${threadId}" ran its own thread again, which would wait for itself. Call the graph without a thread_id to run it as a subgraph, or give it a thread of its own.`,
  );

import type { Change, Part } from "./change.js";
import type { Grouped } from "./group-parameters.js";
import { Lane, type Waiting } from "./lane.js";
import { mayBeOfOne } from "./storage-error.js";

/** Changes of one group at most, and characters of their data. */
const MAX_CHANGES = 256;
const MAX_SIZE = 4_000_000;
/** Groups under way at once: while the disk is waited for, the next one is made. */
const MAX_GROUPS = 2;

/** Taken when the module is loaded: tests with a false clock put another one in its place, which would stop the writing. */
const nextTurn = setImmediate;
const nextTick = process.nextTick.bind(process);

/** Makes a group of changes in one transaction. @returns of each whether it was made; the others are to go by themselves */
export type SendGroup = (group: readonly Grouped[]) => Promise<readonly boolean[]>;

/**
 * Keeps the changes of a thread in the order in which they were handed in, and commits together what many threads, or one that does not wait, hand in at
 * the same moment: a transaction costs as much as many rows. What comes while groups are under way gathers for the next one. A change that cannot
 * be made in a group goes by itself, and its thread waits for it; one that fails takes along only those that stand on it.
 */
export class ChangeQueue {
  readonly #lanes = new Map<string, Lane>();
  /** Lanes whose next change can go with others, in the order in which they became so. */
  readonly #ready = new Set<Lane>();
  readonly #whenIdle: (() => void)[] = [];
  #groups = 0;
  #isScheduled = false;

  constructor(private readonly send: SendGroup) {}

  /** Hands in a change. @returns what it gives, once it is committed */
  add<T>(change: Change<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const { threadId } = change;
      const lane = this.#lanes.get(threadId) ?? new Lane(threadId);
      this.#lanes.set(threadId, lane);
      lane.add({ change, resolve, reject } as Waiting);
      this.#wake(lane);
    });
  }

  /** Resolves when everything that was handed in is settled. */
  async drained(): Promise<void> {
    if (this.#lanes.size > 0) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  #wake(lane: Lane): void {
    if (lane.isBusy) return;
    const next = lane.next();
    if (next === "nothing") this.#forget(lane);
    else if (next === "alone") void this.#runAlone(lane, lane.take(1));
    else {
      this.#ready.add(lane);
      this.#schedule();
    }
  }

  /** A lane stays as long as it remembers what failed: whoever stands on that has not been told yet, for a moment. */
  #forget(lane: Lane): void {
    if (lane.hasFailed) return;
    this.#lanes.delete(lane.threadId);
    if (this.#lanes.size === 0) for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  /** Behind everything that goes on without waiting: what answers the same event is handed in by then. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() =>
      nextTick(() => {
        this.#isScheduled = false;
        this.#sendGroups();
      }),
    );
  }

  #sendGroups(): void {
    while (this.#groups < MAX_GROUPS && this.#ready.size > 0) {
      const lanes: (readonly [Lane, Waiting[]])[] = [];
      let [changes, size] = [0, 0];
      for (const lane of this.#ready) {
        if (changes >= MAX_CHANGES || size >= MAX_SIZE) break;
        this.#ready.delete(lane);
        const together = lane.takeTogether(MAX_CHANGES - changes, MAX_SIZE - size);
        changes += together.waiting.length;
        size += together.size;
        lanes.push([lane, together.waiting]);
      }
      void this.#commit(lanes);
    }
  }

  async #commit(lanes: readonly (readonly [Lane, Waiting[]])[]): Promise<void> {
    this.#groups++;
    const waiting = lanes.length === 1 ? lanes[0]![1] : lanes.flatMap(([, of]) => of);
    const made = await this.#made(waiting);
    this.#groups--;
    let at = 0;
    for (const [lane, of] of lanes) {
      const left: Waiting[] = [];
      for (const one of of) {
        const outcome = made.kind === "failed" ? made : made.of[at++];
        if (outcome === true) one.resolve(one.change.value);
        else if (outcome === false) left.push(one);
        else this.#fail(lane, one, of, outcome?.error);
      }
      if (left.length > 0) void this.#runAlone(lane, left);
      else this.#free(lane);
    }
    if (this.#ready.size > 0) this.#schedule();
  }

  async #made(waiting: readonly Waiting[]): Promise<Made> {
    try {
      return { kind: "sent", of: await this.send(waiting.map(({ change }) => ({ threadId: change.threadId, part: change.part as Part }))) };
    } catch (error) {
      // Where the storage fails, every change would meet the same. What may be the fault of one must not take the others with it.
      return mayBeOfOne(error) && waiting.length > 1 ? { kind: "sent", of: waiting.map(() => false) } : { kind: "failed", error };
    }
  }

  /** One after the other; threads do not wait for each other. */
  async #runAlone(lane: Lane, waiting: Waiting[]): Promise<void> {
    lane.isBusy = true;
    for (const one of waiting) {
      if (one.isOver) continue;
      try {
        one.resolve(await one.change.run());
      } catch (error) {
        this.#fail(lane, one, waiting, error);
      }
    }
    this.#free(lane);
  }

  #fail(lane: Lane, one: Waiting, with_: readonly Waiting[], error: unknown): void {
    if (lane.fail(one, with_, error)) {
      nextTurn(() => {
        lane.forgive();
        if (!lane.isBusy) this.#wake(lane);
      });
    }
  }

  #free(lane: Lane): void {
    lane.isBusy = false;
    this.#wake(lane);
  }
}

type Made = { readonly kind: "sent"; readonly of: readonly boolean[] } | { readonly kind: "failed"; readonly error: unknown };

import type {
  ChannelVersions,
  CheckpointColumns,
  CheckpointConfig,
  CheckpointMetadata,
  CheckpointSaver,
  PendingWrite,
} from "@holdpoint/checkpoint";
import type { Durability } from "../model/graph-config.js";
import type { Fence } from "./fence.js";
import type { NextCheckpoint } from "./saved-form.js";
import { tryAgain } from "./try-again.js";

export interface SaveQueueOptions {
  readonly saver: CheckpointSaver;
  readonly threadId: string;
  readonly ns: string;
  readonly durability: Durability;
  /** Shared by all runs of the thread that belong together. */
  readonly fence: Fence;
}

/** A checkpoint on its way to the saver. */
export interface CheckpointSave {
  readonly parent: CheckpointConfig;
  readonly next: NextCheckpoint;
  readonly metadata: CheckpointMetadata;
}

/**
 * What comes after a save. `work`: code that must not run before it is committed. `save`: another save, or the lease's return, and nothing in
 * between: a saver that keeps the order may commit the two together. `end`: nothing.
 */
export type Follows = "work" | "save" | "end";

/** Saves that may be under way before a run waits for them, in the durability mode "async". */
const MAX_UNDER_WAY = 64;

/**
 * How a save that is waited for can be tried again stands in its promise. Held by the queue, which lives as long as the run, it would keep a long list
 * alive past the collections of what is young: with 10,000 messages a step took twice its time.
 */
const AGAIN = Symbol("again");

const againOf = (saving: unknown): (() => Promise<unknown>) | undefined =>
  (saving as { readonly [AGAIN]?: () => Promise<unknown> } | undefined)?.[AGAIN];

/** Hands what a run saves to the saver, in order: each before the run goes on, beside it, or at its end, as the durability mode says. */
export class SaveQueue {
  readonly #options: SaveQueueOptions;
  #tail: Promise<unknown> = Promise.resolve();
  #underWay = 0;
  #failure: { readonly error: unknown } | undefined;
  /** In the mode "exit": the newest checkpoint, what is written beside it, and the one that is saved already. */
  #onExit: CheckpointSave | undefined;
  #writtenOnExit = new Set<string>();
  #writesOnExit: (() => Promise<unknown>)[] = [];
  #savedBase: CheckpointColumns | undefined;
  #flushing: Promise<unknown> = Promise.resolve();

  constructor(options: SaveQueueOptions) {
    this.#options = options;
  }

  /** The run goes on from this checkpoint, which is saved. */
  standOn(checkpoint: CheckpointColumns): void {
    this.#savedBase = checkpoint;
  }

  /** @returns undefined where there is nothing to wait for */
  putCheckpoint(save: CheckpointSave, follows: Follows): Promise<unknown> | undefined {
    if (this.#options.durability === "exit") {
      this.#onExit = save;
      for (const name of save.next.names) this.#writtenOnExit.add(name);
      this.#writesOnExit = [];
      return undefined;
    }
    return this.#schedule((more) => this.#put(save, more), follows);
  }

  #put({ parent, next, metadata }: CheckpointSave, more?: boolean): Promise<unknown> {
    const { saver } = this.#options;
    const { checkpoint, base, names } = next;
    const written = writtenIn(checkpoint, names);
    if (saver.columns === saver.put) return saver.put(parent, checkpoint, metadata, written, base, more);
    return saver.put(parent, checkpoint.whole(), metadata, written, base?.whole(), more);
  }

  putWrites(config: CheckpointConfig, writes: PendingWrite[], taskId: string, follows: Follows): Promise<unknown> | undefined {
    const { saver, durability } = this.#options;
    if (durability === "exit") {
      this.#writesOnExit.push(() => saver.putWrites(config, writes, taskId));
      return undefined;
    }
    const saving = this.#schedule((more) => saver.putWrites(config, writes, taskId, more), follows);
    const again = againOf(saving);
    return again === undefined ? saving : saving?.catch((error: unknown) => tryAgain(again, this.#hasNotFailed, error));
  }

  /** Tries a save of a checkpoint again that failed with this error. Not a part of saving it: that would cost each step a promise. */
  putAgain(error: unknown, saving: unknown): Promise<unknown> {
    const again = againOf(saving);
    if (again === undefined || this.#failure !== undefined) throw error;
    return tryAgain(again, this.#hasNotFailed, error);
  }

  #schedule(save: (more: boolean) => Promise<unknown>, follows: Follows): Promise<unknown> | undefined {
    const { durability, fence, saver } = this.#options;
    if (this.#failure !== undefined) return this.flush();
    const isOrdered = saver.ordered === true;
    const pass = () => save(isOrdered && follows === "save");
    if (durability === "sync" && (follows === "work" || !isOrdered)) {
      const saving = fence.pass(pass);
      Reflect.set(saving, AGAIN, () => fence.pass(pass));
      return saving;
    }
    this.#underWay++;
    // In order, and nothing after a save that failed: it would stand on what is not there.
    const saving = isOrdered ? fence.pass(pass) : this.#tail.then(() => (this.#failure === undefined ? fence.pass(pass) : undefined));
    this.#tail = saving.then(this.#onSaved, this.#onFailed);
    return this.#underWay >= MAX_UNDER_WAY ? this.flush() : undefined;
  }

  /** What comes after a save that failed would stand on what is not there. */
  readonly #hasNotFailed = (): boolean => this.#failure === undefined;
  readonly #onSaved = (): void => {
    this.#underWay--;
  };
  readonly #onFailed = (error: unknown): void => {
    this.#failure ??= { error };
  };

  /** Resolves when everything is saved, whatever the durability mode. */
  async flush(): Promise<void> {
    if (this.#options.durability === "exit") {
      // One after the other: what one saves may stand on what the one before it saves.
      const saving = this.#flushing.then(() => this.#saveOnExit());
      this.#flushing = saving.catch(this.#onFailed);
      await saving;
    }
    await this.settled();
  }

  async #saveOnExit(): Promise<void> {
    const { fence } = this.#options;
    const exit = this.#onExit;
    const writes = this.#writesOnExit;
    this.#onExit = undefined;
    this.#writesOnExit = [];
    if (this.#failure !== undefined) return;
    if (exit !== undefined) {
      const { next, metadata } = exit;
      const base = this.#savedBase;
      const names = [...this.#writtenOnExit];
      this.#writtenOnExit.clear();
      const { checkpoint } = next;
      await fence.pass(() => this.#put({ parent: this.#configOf(base), next: { checkpoint, base, names }, metadata }));
      this.#savedBase = next.checkpoint;
    }
    for (const save of writes) await fence.pass(save);
  }

  /** Whether something is under way that must be there before anything runs. */
  get isBehind(): boolean {
    return this.#options.durability === "sync" && (this.#underWay > 0 || this.#failure !== undefined);
  }

  /** Waits for what is under way. */
  async settled(): Promise<void> {
    await this.#tail;
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #configOf(checkpoint: CheckpointColumns | undefined): CheckpointConfig {
    const { threadId, ns } = this.#options;
    return {
      configurable: { thread_id: threadId, checkpoint_ns: ns, ...(checkpoint === undefined ? {} : { checkpoint_id: checkpoint.id }) },
    };
  }
}

/** The versions of the channels that were written: not all by the last step, where several are saved as one. */
function writtenIn({ shape, versions }: CheckpointColumns, names: readonly string[]): ChannelVersions {
  const written: ChannelVersions = {};
  for (const name of names) written[name] = versions[shape.places.get(name)!]!;
  return written;
}

import {
  type Checkpoint,
  type CheckpointColumns,
  type CheckpointConfig,
  type CheckpointMetadata,
  type CheckpointTuple,
  checkpointId,
  type Decision,
  describeThrown,
  inPlace,
  type JournalDraft,
  type PendingWrite,
} from "@holdpoint/checkpoint";
import { ERROR, INTERRUPT, NO_WRITES, nullTaskId, REQUESTER, RESUME } from "../../constants.js";
import { isoTime } from "../../iso-time.js";
import type { Durability } from "../model/graph-config.js";
import { CONTROL_CHANNEL, type GraphState, type Write } from "../model/graph-state.js";
import type { Interrupt } from "../model/interrupt-types.js";
import type { Program } from "../model/program.js";
import { alreadyDecided } from "./already-decided.js";
import { noOutcome } from "./no-outcome.js";
import { readControl } from "./read-control.js";
import { type Follows, SaveQueue, type SaveQueueOptions } from "./save-queue.js";
import { SavedForm } from "./saved-form.js";
import { NOTHING_SAVED, readSavedStep, type SavedStep, withKept } from "./saved-tasks.js";

export interface PersistenceOptions extends SaveQueueOptions {
  readonly program: Program;
  /** Checkpoint ids of the graphs around this one, by namespace. */
  readonly parents: Readonly<Record<string, string>>;
  /** Name of the outermost graph, kept with each question. */
  readonly graph: string;
  /** Who gives the run its input, where the decision gate asks. */
  readonly requester?: unknown;
  /** Kept with each checkpoint's metadata. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Knows where a run stands in its thread, and saves what it does. All that core asks of a saver, it asks here. */
export class Persistence {
  readonly #options: PersistenceOptions;
  #base: CheckpointColumns | undefined;
  #parent: CheckpointConfig | undefined;
  #metadata: CheckpointMetadata | undefined;
  #saved = NOTHING_SAVED;
  readonly #form: SavedForm;
  readonly #saves: SaveQueue;
  #isOwn = false;
  /** The caller's metadata, but for what the runtime says itself. */
  readonly #extra: Readonly<Record<string, unknown>>;

  constructor(options: PersistenceOptions) {
    this.#options = options;
    this.#form = new SavedForm(options.program);
    this.#saves = new SaveQueue(options);
    const { source: _source, step: _step, parents: _parents, [REQUESTER]: _requester, ...extra } = options.metadata;
    this.#extra = extra;
  }

  /** The mode that the run's saves go by, whether its config names one or not. */
  get durability(): Durability {
    return this.#options.durability;
  }

  /** Whether this run has saved the checkpoint that it stands on: then nobody has run its step before. */
  get isOwn(): boolean {
    return this.#isOwn;
  }

  /** The checkpoint that the run stands on; empty before the first. */
  get checkpointId(): string {
    return this.#base?.id ?? "";
  }

  #nextStep(source: CheckpointMetadata["source"]): number {
    if (this.#metadata !== undefined) return this.#metadata.step + 1;
    return source === "input" ? -1 : 0;
  }

  get metadata(): CheckpointMetadata | undefined {
    return this.#metadata;
  }

  /** What is saved of the step that follows the checkpoint. */
  get saved(): SavedStep {
    return this.#saved;
  }

  /** The checkpoint before it, where it has one. */
  get parentConfig(): CheckpointConfig | undefined {
    return this.#parent?.configurable?.checkpoint_id === undefined ? undefined : this.#parent;
  }

  get config(): CheckpointConfig {
    const { threadId, ns } = this.#options;
    return {
      configurable: { thread_id: threadId, checkpoint_ns: ns, ...(this.#base === undefined ? {} : { checkpoint_id: this.#base.id }) },
    };
  }

  /** Stands on the newest checkpoint, or on the one that the id names. Undefined when there is none. */
  async load(id?: string): Promise<GraphState | undefined> {
    const { saver, threadId, ns } = this.#options;
    const tuple = await saver.getTuple({
      configurable: { thread_id: threadId, checkpoint_ns: ns, ...(id === undefined ? {} : { checkpoint_id: id }) },
    });
    return tuple === undefined ? undefined : this.standOn(tuple);
  }

  standOn(tuple: CheckpointTuple): GraphState {
    this.#base = this.#form.standOn(tuple.checkpoint);
    this.#saves.standOn(this.#base);
    this.#parent = tuple.parentConfig;
    this.#metadata = tuple.metadata;
    this.#isOwn = false;
    const { threadId, ns } = this.#options;
    const state = readCheckpoint(tuple.checkpoint, { threadId, ns });
    this.#saved = withKept(readSavedStep(tuple.pendingWrites), state.control.kept);
    return state;
  }

  /** Saves the state as the next checkpoint and stands on it. */
  saveCheckpoint(
    state: GraphState,
    changed: Iterable<string>,
    source: CheckpointMetadata["source"],
    follows: Follows = "work",
  ): Promise<unknown> | undefined {
    const { parents } = this.#options;
    // Who resumes a thread did not ask for what it does: the requester is the one of the last input.
    const requester = source === "input" ? this.#options.requester : this.#metadata?.[REQUESTER];
    const id = checkpointId(this.#base?.id);
    const next = this.#form.next(state, changed, { id, ts: isoTime(Date.now()) });
    const metadata: CheckpointMetadata = {
      source,
      step: this.#nextStep(source),
      parents: { ...this.#metadata?.parents, ...parents },
      ...(requester === undefined ? undefined : { [REQUESTER]: requester }),
      ...this.#extra,
    };
    const parent = this.config;
    this.#parent = parent;
    this.#base = next.checkpoint;
    this.#metadata = metadata;
    this.#saved = NOTHING_SAVED;
    this.#isOwn = true;
    return this.#saves.putCheckpoint({ parent, next, metadata }, follows);
  }

  /** Tries again where `saveCheckpoint` failed with an error that may pass; rejects with it where it does not. */
  async saveAgain(error: unknown, saving: unknown): Promise<void> {
    await this.#saves.putAgain(error, saving);
  }

  /** Saves what a finished task wrote: from here on it will not run again. */
  saveTask(id: string, writes: readonly Write[]): Promise<unknown> | undefined {
    return this.#putWrites(id, writes.length === 0 ? [[NO_WRITES, null]] : writes.map(([channel, value]) => [channel, value]));
  }

  /** Saves what a task asked; a question that it asked before, and an earlier failure, are over. */
  saveInterrupts(id: string, interrupts: readonly Interrupt[], code: string, follows: Follows): Promise<unknown> | undefined {
    const writes: PendingWrite[] = [[INTERRUPT, this.#plain(interrupts, code)]];
    if (this.#saved.tasks.get(id)?.error !== undefined) writes.push([ERROR, null]);
    return this.#putWrites(id, writes, follows);
  }

  /** Saves the questions of a paused task again, with other terms. */
  async saveTerms(id: string, interrupts: readonly Interrupt[], code: string | undefined): Promise<void> {
    await this.#putWrites(id, [[INTERRUPT, this.#plain(interrupts, code)]]);
    await this.flush();
  }

  #plain(interrupts: readonly Interrupt[], code: string | undefined): unknown[] {
    const { graph } = this.#options;
    return interrupts.map((asked) => {
      const { resumable: _r, when: _w, ...fields } = asked;
      return { ...fields, ns: [...fields.ns], at: asked.at, graph, ...(code === undefined ? {} : { code }) };
    });
  }

  saveError(id: string, error: unknown): Promise<unknown> | undefined {
    return this.#putWrites(id, [[ERROR, describeThrown(error)]]);
  }

  /** Saves an update from outside of any task beside the checkpoint. */
  async saveOutside(writes: readonly Write[]): Promise<void> {
    if (writes.length === 0) return;
    await this.#putWrites(
      nullTaskId(this.#saved.outsideCount),
      writes.map(([channel, value]) => [channel, value]),
    );
    await this.flush();
  }

  /**
   * Records answers, all or none, before anything runs. Durable when it resolves, in every durability mode.
   * @throws GraphError ALREADY_DECIDED with `details.recorded`
   */
  async recordDecisions(
    decisions: readonly Decision[],
    pending: readonly Interrupt[],
    journal: readonly JournalDraft[] = [],
  ): Promise<void> {
    const { saver, fence } = this.#options;
    if (decisions.length === 0) return this.appendJournal(journal);
    if (saver.recordDecisions !== undefined) {
      const record = saver.recordDecisions.bind(saver, this.config, decisions, journal);
      const outcome = await fence.pass(record);
      if (outcome?.kind === "conflict") throw alreadyDecided(outcome.recorded, pending);
      // What a saver does not say to be recorded is not: nothing may run on it.
      if (outcome?.kind !== "recorded") throw noOutcome("recordDecisions", '"recorded" or "conflict"');
      return;
    }
    // A saver without compare-and-set: the runtime's own guard admits one run of a thread per process.
    for (const decision of decisions) await fence.pass(() => saver.putWrites(this.config, [[RESUME, decision]], decision.interruptId));
  }

  /** Adds to the thread's journal, where the saver keeps one. */
  async appendJournal(entries: readonly JournalDraft[]): Promise<void> {
    const { saver, threadId, fence } = this.#options;
    if (entries.length > 0) await fence.pass(async () => saver.appendJournal?.(threadId, entries));
  }

  #putWrites(taskId: string, writes: PendingWrite[], follows: Follows = "work"): Promise<unknown> | undefined {
    return this.#saves.putWrites(this.config, writes, taskId, follows);
  }

  /** Whether something is under way that must be there before anything runs. */
  get isBehind(): boolean {
    return this.#saves.isBehind;
  }

  /** Waits for what is under way. */
  settled(): Promise<void> {
    return this.#saves.settled();
  }

  /** Resolves when everything is saved, whatever the durability mode. */
  flush(): Promise<void> {
    return this.#saves.flush();
  }
}

/** @throws CheckpointError CORRUPT_DATA if what the saver gave is no checkpoint of ours */
export function readCheckpoint(checkpoint: Checkpoint, line: { readonly threadId: string; readonly ns: string }): GraphState {
  // A saver of others may have lost it without a word.
  const { [CONTROL_CHANNEL]: control, ...values } = checkpoint.channel_values ?? { [CONTROL_CHANNEL]: null };
  return { values, control: inPlace({ ...line, checkpointId: checkpoint.id }, () => readControl(control)) };
}

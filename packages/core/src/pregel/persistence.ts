import {
  type ChannelVersions,
  type Checkpoint,
  type CheckpointConfig,
  type CheckpointMetadata,
  type CheckpointSaver,
  type CheckpointTuple,
  checkpointId,
  type Decision,
  type JournalDraft,
  type PendingWrite,
} from "@holdpoint/checkpoint";
import { ERROR, INTERRUPT, NO_WRITES, nullTaskId, REQUESTER, RESUME } from "../constants.js";
import type { Fence } from "./fence.js";
import type { Durability } from "./graph-config.js";
import { CONTROL_CHANNEL, type Control, type GraphState, type Write } from "./graph-state.js";
import type { Interrupt } from "./interrupt-types.js";
import type { Program } from "./program.js";
import { readControl } from "./read-control.js";
import { alreadyDecided } from "./resolve-resume.js";
import { readSavedStep, type SavedStep } from "./saved-tasks.js";

export interface PersistenceOptions {
  readonly saver: CheckpointSaver;
  readonly threadId: string;
  readonly ns: string;
  readonly durability: Durability;
  /** Shared by all runs of the thread that belong together. */
  readonly fence: Fence;
  /** Checkpoint ids of the graphs around this one, by namespace. */
  readonly parents: Readonly<Record<string, string>>;
  /** Name of the outermost graph, kept with each question. */
  readonly graph: string;
  /** Who gives the run its input, where the decision gate asks. */
  readonly requester?: unknown;
  /** Kept with each checkpoint's metadata. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Saves that may be under way before a run waits for them, in the durability mode "async". */
const MAX_UNDER_WAY = 64;

/** Knows where a run stands in its thread, and saves what it does. All that core asks of a saver, it asks here. */
export class Persistence {
  readonly #options: PersistenceOptions;
  #base: Checkpoint | undefined;
  #metadata: CheckpointMetadata | undefined;
  #saved = NOTHING_SAVED;
  /** The control that the checkpoint holds, and the form in which it does. */
  #controlSaved: Control | undefined;
  #controlValue: Partial<Control> | undefined;
  #tail: Promise<unknown> = Promise.resolve();
  #underWay = 0;
  #failure: { readonly error: unknown } | undefined;
  #onExit: { readonly checkpoint: Checkpoint; readonly metadata: CheckpointMetadata; readonly changed: ChannelVersions } | undefined;
  #writesOnExit: (() => Promise<unknown>)[] = [];
  #savedBase: Checkpoint | undefined;

  constructor(options: PersistenceOptions) {
    this.#options = options;
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
    this.#base = tuple.checkpoint;
    this.#savedBase = tuple.checkpoint;
    this.#metadata = tuple.metadata;
    this.#saved = readSavedStep(tuple.pendingWrites);
    this.#controlSaved = undefined;
    return readCheckpoint(tuple.checkpoint);
  }

  /**
   * Saves the state as the next checkpoint and stands on it.
   * @param waits false where another save follows before anything runs: a saver that keeps the order may commit the two together
   */
  saveCheckpoint(
    program: Program,
    state: GraphState,
    changed: Iterable<string>,
    source: CheckpointMetadata["source"],
    waits = true,
  ): Promise<unknown> | undefined {
    const { parents, metadata: extra } = this.#options;
    // Who resumes a thread did not ask for what it does: the requester is the one of the last input.
    const requester = source === "input" ? this.#options.requester : this.#metadata?.[REQUESTER];
    const id = checkpointId(this.#base?.id);
    const newVersions: ChannelVersions = this.#controlSaved === state.control ? {} : { [CONTROL_CHANNEL]: id };
    for (const key of changed) if (program.channels[key]?.saved !== false) newVersions[key] = id;
    const checkpoint: Checkpoint = {
      v: 4,
      id,
      ts: new Date().toISOString(),
      channel_values: this.#savedValues(program, state),
      channel_versions: { ...this.#base?.channel_versions, ...newVersions },
      versions_seen: {},
    };
    const metadata: CheckpointMetadata = {
      ...extra,
      ...(requester === undefined ? {} : { [REQUESTER]: requester }),
      source,
      step: this.#nextStep(source),
      parents: { ...this.#metadata?.parents, ...parents },
    };
    const parent = this.config;
    const base = this.#base;
    this.#base = checkpoint;
    this.#metadata = metadata;
    this.#saved = NOTHING_SAVED;
    return this.#put(parent, checkpoint, metadata, newVersions, base, waits);
  }

  /** What a checkpoint holds of a state: the saved channels, and what runs next where there is anything. */
  #savedValues(program: Program, { values, control }: GraphState): Record<string, unknown> {
    const saved: Record<string, unknown> = { ...values };
    for (const key of program.unsavedKeys) delete saved[key];
    if (this.#controlSaved !== control) this.#controlValue = writeControl(control);
    this.#controlSaved = control;
    if (this.#controlValue !== undefined) saved[CONTROL_CHANNEL] = this.#controlValue;
    return saved;
  }

  #put(
    parent: CheckpointConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions: ChannelVersions,
    base: Checkpoint | undefined,
    waits: boolean,
  ): Promise<unknown> | undefined {
    const { saver, durability } = this.#options;
    if (durability === "exit") {
      this.#onExit = { checkpoint, metadata, changed: { ...this.#onExit?.changed, ...newVersions } };
      this.#writesOnExit = [];
      return undefined;
    }
    return this.#schedule(() => saver.put(parent, checkpoint, metadata, newVersions, base), waits);
  }

  /** Saves what a finished task wrote: from here on it will not run again. */
  saveTask(id: string, writes: readonly Write[]): Promise<unknown> | undefined {
    return this.#putWrites(id, writes.length === 0 ? [[NO_WRITES, null]] : writes.map(([channel, value]) => [channel, value]));
  }

  /** Saves what a task asked; a question that it asked before, and an earlier failure, are over. */
  saveInterrupts(id: string, interrupts: readonly Interrupt[], code: string): Promise<unknown> | undefined {
    const writes: PendingWrite[] = [[INTERRUPT, this.#plain(interrupts, code)]];
    if (this.#saved.tasks.get(id)?.error !== undefined) writes.push([ERROR, null]);
    return this.#putWrites(id, writes);
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
    const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
    return this.#putWrites(id, [[ERROR, { name, message }]]);
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
      if (outcome.kind === "conflict") throw alreadyDecided(outcome.recorded, pending);
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

  #putWrites(taskId: string, writes: PendingWrite[]): Promise<unknown> | undefined {
    const { saver, durability } = this.#options;
    const config = this.config;
    const save = () => saver.putWrites(config, writes, taskId);
    if (durability === "exit") {
      this.#writesOnExit.push(save);
      return undefined;
    }
    return this.#schedule(save);
  }

  #schedule(save: () => Promise<unknown>, waits = true): Promise<unknown> | undefined {
    const { durability, fence, saver } = this.#options;
    if (this.#failure !== undefined) return this.flush();
    if (durability === "sync" && (waits || saver.ordered !== true)) return fence.pass(save);
    this.#underWay++;
    // In order, and nothing after a save that failed: it would stand on what is not there.
    const saving =
      saver.ordered === true ? fence.pass(save) : this.#tail.then(() => (this.#failure === undefined ? fence.pass(save) : undefined));
    this.#tail = saving.then(this.#onSaved, this.#onFailed);
    return this.#underWay >= MAX_UNDER_WAY ? this.flush() : undefined;
  }

  readonly #onSaved = (): void => {
    this.#underWay--;
  };
  readonly #onFailed = (error: unknown): void => {
    this.#failure ??= { error };
  };

  /** Resolves when everything is saved, whatever the durability mode. */
  async flush(): Promise<void> {
    const exit = this.#onExit;
    if (exit !== undefined) {
      this.#onExit = undefined;
      const { saver, threadId, ns, fence } = this.#options;
      const parent = this.#savedBase;
      const config = {
        configurable: { thread_id: threadId, checkpoint_ns: ns, ...(parent === undefined ? {} : { checkpoint_id: parent.id }) },
      };
      await fence.pass(() => saver.put(config, exit.checkpoint, exit.metadata, exit.changed, parent));
      this.#savedBase = exit.checkpoint;
    }
    const writes = this.#writesOnExit;
    this.#writesOnExit = [];
    for (const save of writes) await this.#options.fence.pass(save);
    await this.#tail;
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}

const NOTHING_SAVED: SavedStep = readSavedStep();

function writeControl({ nodes, sends, joins, start, ran }: Control): Partial<Control> | undefined {
  const control: { -readonly [Key in keyof Control]?: Control[Key] } = {};
  if (nodes.length > 0) control.nodes = nodes;
  if (sends.length > 0) control.sends = sends;
  if (Object.keys(joins).length > 0) control.joins = joins;
  if (start !== undefined) control.start = start;
  if (ran !== undefined && ran.length > 0) control.ran = ran;
  return Object.keys(control).length === 0 ? undefined : control;
}

/** @throws CheckpointError CORRUPT_DATA if what the saver gave is no checkpoint of ours */
export function readCheckpoint(checkpoint: Checkpoint): GraphState {
  // A saver of others may have lost it without a word.
  const { [CONTROL_CHANNEL]: control, ...values } = checkpoint.channel_values ?? { [CONTROL_CHANNEL]: null };
  return { values, control: readControl(control) };
}

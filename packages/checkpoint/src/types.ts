import type { InterruptPage, InterruptQuery } from "./inbox/inbox-types.js";
import type { JournalDraft, JournalEntry } from "./journal/journal-types.js";
import type { PruneOptions, PruneResult, StatsQuery, StorageStats, ThreadRecord } from "./retention/retention.js";

/** The part of a LangGraph config that a saver reads. Other keys are ignored and handed back unchanged. */
export interface CheckpointConfig {
  readonly configurable?: {
    readonly thread_id?: string;
    /** Namespace of a graph within the thread: "" for the root, `node:task-id|…` for subgraphs. Default "". */
    readonly checkpoint_ns?: string;
    /** One checkpoint of the thread; the newest when left out. */
    readonly checkpoint_id?: string;
    readonly [key: string]: unknown;
  };
}

export type ChannelVersion = number | string;
export type ChannelVersions = Record<string, ChannelVersion>;

/** State of one graph after one step: LangGraph's checkpoint format, version 4. */
export interface Checkpoint {
  v: number;
  /** A uuid that sorts by time: a child sorts after its parent. */
  id: string;
  /** ISO 8601 time of creation. */
  ts: string;
  channel_values: Record<string, unknown>;
  channel_versions: ChannelVersions;
  versions_seen: Record<string, ChannelVersions>;
}

export interface CheckpointMetadata {
  /** What made the checkpoint: an input, a step of the loop, `updateState`, or a fork of an older checkpoint. */
  source: "input" | "loop" | "update" | "fork";
  /** -1 for the first input, 0 for the first step, and so on. */
  step: number;
  /** Checkpoint ids of the graphs around this one, by namespace. */
  parents: Record<string, string>;
  [key: string]: unknown;
}

/** One write of a task: the channel and its value. */
export type PendingWrite = [channel: string, value: unknown];
/** A saved write: the task that made it, the channel, the value. */
export type CheckpointPendingWrite = [taskId: string, channel: string, value: unknown];

export interface CheckpointTuple {
  config: CheckpointConfig;
  checkpoint: Checkpoint;
  metadata?: CheckpointMetadata;
  parentConfig?: CheckpointConfig;
  /** In an order that is the same at each read; those of one task by their index. */
  pendingWrites?: CheckpointPendingWrite[];
}

export interface CheckpointListOptions {
  /** At most so many tuples. */
  limit?: number;
  /** Only checkpoints older than this one (its `configurable.checkpoint_id`). */
  before?: CheckpointConfig;
  /** Only checkpoints whose metadata holds every one of these values. */
  filter?: Record<string, unknown>;
}

/** Answer to one interrupt. */
export interface Decision {
  /** The interrupt that it answers; unique per call and index (32 lower-case hex digits). */
  readonly interruptId: string;
  /** The answer, as `interrupt()` will return it. */
  readonly value: unknown;
  /** When it was recorded, ISO 8601. */
  readonly at: string;
  /** 0 for the first answer; one more each time: an answer that its schema refuses, or after which the task fails, can be given anew. */
  readonly revision: number;
  /** Set where the answer did not fit the question's schema: the interrupt waits again, and these say why. */
  readonly refused?: readonly { readonly message: string; readonly path?: readonly (string | number)[] }[];
  /** Fingerprint of the question that was answered. */
  readonly asked?: string;
  /** Who decided, as `Command({ resume, by })` says. */
  readonly by?: unknown;
  readonly reason?: string;
  /** Writes that came with the answer, as in `Command({ resume, update })`: they count with it, or not at all. */
  readonly writes?: readonly PendingWrite[];
}

export type DecisionOutcome =
  | { readonly kind: "recorded" }
  /** At least one of them had been decided before: nothing was recorded. Holds what stands in the saver. */
  | { readonly kind: "conflict"; readonly recorded: readonly Decision[] };

/**
 * What the runtime needs of a saver: LangGraph's contract, so that savers written for it work unchanged,
 * and optional capabilities that the runtime detects by the presence of the method.
 */
export interface CheckpointSaver {
  /** Reads the checkpoint that the config names, or the newest of its namespace, with its pending writes. */
  getTuple(config: CheckpointConfig): Promise<CheckpointTuple | undefined>;

  /** Lists the checkpoints of a thread, newest first. Without `thread_id`, of every thread. */
  list(config: CheckpointConfig, options?: CheckpointListOptions): AsyncIterableIterator<CheckpointTuple>;

  /**
   * Saves a checkpoint as a child of `config.configurable.checkpoint_id`. Resolves after it is durable.
   *
   * `newVersions` holds the channels that changed since the parent. `base` is the parent as the caller holds it in
   * memory: a saver may compare `base.channel_values` with the new values by identity and store only the change. So `base` is the
   * checkpoint that was put, or the one that `getTuple` returned, with the same value objects; its version maps must not be changed
   * since. Which channels were written is told by their versions, not by `newVersions` (but see `columns`). Putting an id again replaces the checkpoint.
   * @param more true if another save follows at once, and nothing happens in between: a saver that is `ordered` may commit the two together
   * @returns the config of the saved checkpoint
   */
  put(
    config: CheckpointConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions: ChannelVersions,
    base?: Checkpoint,
    more?: boolean,
  ): Promise<CheckpointConfig>;

  /**
   * Saves writes of one task beside the checkpoint that the config names. The channels of {@link WRITES_IDX_MAP}
   * replace what the task saved under the same channel; other writes that exist already (same task, same index) are kept.
   * @param more as in `put`
   */
  putWrites(config: CheckpointConfig, writes: PendingWrite[], taskId: string, more?: boolean): Promise<void>;

  /** Deletes every checkpoint and write of the thread, all namespaces included. */
  deleteThread(threadId: string): Promise<void>;

  /**
   * Capability: order. True if what is saved takes effect in the order of the calls, also where nobody waits for the one before. The runtime may then
   * hand in many saves at once, which such a saver can commit together.
   */
  readonly ordered?: boolean;

  /**
   * Capability: columns. The saver's own `put`, if that may be given a checkpoint and a `base` that are `CheckpointColumns`, of which `newVersions` names
   * every channel that was written in between: then a save costs what was written, however many channels there are. Where another `put` has taken its
   * place (of a subclass, of a wrapper), that one gets plain objects.
   */
  readonly columns?: CheckpointSaver["put"];

  /** Next version of a channel, larger than `current`. Savers of the peer bring their own; ours do not need one. */
  getNextVersion?(current: ChannelVersion | undefined): ChannelVersion;

  /**
   * Capability: atomic decisions. Records all of the decisions or none, compare-and-set on (checkpoint, interrupt id, revision), across
   * every process that shares the storage. Each stands afterwards in the `pendingWrites` of the checkpoint that the config names, as
   * `[interruptId, "__resume__", Decision]`; a later revision replaces the one before it, and `putWrites` never does. A checkpoint
   * that does not exist is an error. Where the saver has `appendJournal`, the entries of `journal` are appended with the decisions, or not
   * at all.
   */
  recordDecisions?(config: CheckpointConfig, decisions: readonly Decision[], journal?: readonly JournalDraft[]): Promise<DecisionOutcome>;

  /**
   * Capability: one run per thread, across every process that shares the storage. Gives the thread to the lease if it is free, if the lease has
   * it already (which prolongs it), or if its holder is gone (`isLeaseStale`); compare-and-set.
   */
  acquireLease?(threadId: string, lease: ThreadLease, now: number): Promise<LeaseOutcome>;

  /** Gives the thread back; nothing happens if the lease does not have it any more. */
  releaseLease?(threadId: string, leaseId: string): Promise<void>;

  /**
   * Capability: an inbox over all threads. Pages over the questions that stand beside root checkpoints (`__interrupt__` writes under the
   * namespace ""), by an index, in time that depends on the page and not on the number of threads.
   */
  listInterrupts?(query?: InterruptQuery): Promise<InterruptPage>;

  /**
   * Capability: an append-only journal per thread, in which each entry carries the hash of the one before it. `deleteThread` keeps it.
   * Atomic: of two processes that append at once, one comes after the other. @returns the entries as they stand in the journal
   */
  appendJournal?(threadId: string, entries: readonly JournalDraft[]): Promise<readonly JournalEntry[]>;

  /** Reads the journal of one thread, or of all, oldest first; `after` is the position of the last entry that was read. */
  readJournal?(query?: {
    readonly threadId?: string;
    readonly after?: number;
    readonly limit?: number;
  }): AsyncIterableIterator<JournalEntry>;

  /**
   * Capability: retention. Deletes checkpoints that are not worth keeping, with the writes and questions beside them; see {@link PruneOptions}.
   * What is kept reads as before, though it was stored as a change of what is gone; the oldest that is kept has no parent any more. Each thread
   * is pruned as a whole or not at all. Left alone are threads that a run has leased, checkpoints beside which a question waits for its answer, and
   * the checkpoints of subgraphs that belong to any that is kept (`metadata.parents`). The journal stays.
   */
  prune?(options: PruneOptions): Promise<PruneResult>;

  /**
   * Capability: copies all checkpoints and writes of a thread, questions and answers included, to a thread that has none. The copy's questions wait
   * for answers of their own. Leases and the journal are not copied.
   * @throws CheckpointError INVALID_ARGUMENT if the target is not empty, UNKNOWN_THREAD if there is nothing to copy
   */
  copyThread?(fromThreadId: string, toThreadId: string): Promise<void>;

  /** Capability: counts what is stored, and its bytes by thread. */
  stats?(query?: StatsQuery): Promise<StorageStats>;

  /** Capability: reads everything of a thread as records that another saver can import, in the order in which they must be imported. */
  exportThread?(threadId: string): AsyncIterableIterator<ThreadRecord>;

  /**
   * Writes the records of one thread, all of them or none, to a thread that has no checkpoints.
   * @throws CheckpointError INVALID_ARGUMENT if the target is not empty, CORRUPT_DATA if a record does not fit those before it
   */
  importThread?(threadId: string, records: Iterable<ThreadRecord> | AsyncIterable<ThreadRecord>): Promise<void>;

  /**
   * Capability: tells of changes that any process makes, until the returned function is called. What happens while the connection is lost is not
   * told: a listener looks for itself whenever it gets `{ kind: "gap" }`.
   */
  subscribe?(listener: (event: StorageEvent) => void): Promise<() => Promise<void>>;
}

/** What {@link CheckpointSaver.subscribe} tells. */
export type StorageEvent =
  /** A thread got a new checkpoint, writes or decisions, or was deleted. */
  | { readonly kind: "thread"; readonly threadId: string }
  /** A question was filed, answered or closed. */
  | { readonly kind: "interrupts"; readonly threadId: string }
  /** Events may have been missed. */
  | { readonly kind: "gap" };

/** Who runs a thread. */
export interface ThreadLease {
  /** Unique per run. */
  readonly id: string;
  /** Machine, and what tells apart process numbers on it. */
  readonly host: string;
  readonly pid: number;
  /** Milliseconds since 1970. A run that lasts longer prolongs its lease. */
  readonly expiresAt: number;
}

export type LeaseOutcome = { readonly kind: "acquired" } | { readonly kind: "held"; readonly by: ThreadLease };

/** Writes with a reserved index: saved again, they replace the earlier one of the same task. As in LangGraph. */
export const WRITES_IDX_MAP: Readonly<Record<string, number>> = {
  __error__: -1,
  __scheduled__: -2,
  __interrupt__: -3,
  __resume__: -4,
};

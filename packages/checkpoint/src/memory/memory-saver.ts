import { asAsync } from "../as-async.js";
import { CheckpointError } from "../checkpoint-error.js";
import type { InterruptPage, InterruptQuery } from "../inbox/inbox-types.js";
import { resolveQuery } from "../inbox/resolve-query.js";
import { encodeDrafts } from "../journal/chain-entries.js";
import type { JournalDraft, JournalEntry } from "../journal/journal-types.js";
import { checkDecisions, checkWrites, readJournalQuery, readOpenOptions, requireText } from "../record/check-arguments.js";
import { incomingCheckpoint } from "../record/incoming-checkpoint.js";
import { requirePoint, requireThreadId } from "../record/thread-point.js";
import { arrangeRecords } from "../retention/arrange-records.js";
import type { PruneOptions, PruneResult, StatsQuery, StorageStats, ThreadRecord } from "../retention/retention.js";
import { threadNotEmpty, unknownThread } from "../retention/thread-errors.js";
import { createSerializer } from "../serde/create-serializer.js";
import type { Serializer } from "../serde/serializer.js";
import type {
  ChannelVersions,
  Checkpoint,
  CheckpointConfig,
  CheckpointListOptions,
  CheckpointMetadata,
  CheckpointSaver,
  CheckpointTuple,
  Decision,
  DecisionOutcome,
  LeaseOutcome,
  PendingWrite,
  ThreadLease,
} from "../types.js";
import { MemoryDecisions } from "./memory-decisions.js";
import { MemoryInbox } from "./memory-inbox.js";
import { MemoryJournal } from "./memory-journal.js";
import { MemoryLeases } from "./memory-leases.js";
import { MemoryReader } from "./memory-reader.js";
import { MemoryRetention } from "./memory-retention.js";
import { MemoryThreads } from "./memory-threads.js";
import { MemoryTransfer } from "./memory-transfer.js";
import { MemoryWriter } from "./memory-writer.js";

export interface MemorySaverOptions {
  /** How values are kept. Default: {@link createSerializer}. */
  readonly serializer?: Serializer;
}

/**
 * Keeps checkpoints in the memory of this process: for tests, scripts, and agents that need not survive it.
 *
 * What is put is encoded at once, and what is read is decoded anew, so that neither shares anything with the caller. A checkpoint costs
 * what changed since its parent, in time and in memory.
 *
 * @example
 * const graph = builder.compile({ checkpointer: new MemorySaver() });
 */
export class MemorySaver implements CheckpointSaver {
  readonly ordered = true;
  readonly columns: CheckpointSaver["put"] = MemorySaver.prototype.put;
  readonly #serializer: Serializer;
  readonly #threads = new MemoryThreads();
  readonly #leases = new MemoryLeases();
  readonly #inbox: MemoryInbox;
  readonly #journal: MemoryJournal;
  readonly #reader: MemoryReader;
  readonly #writer: MemoryWriter;
  readonly #retention: MemoryRetention;
  readonly #transfer: MemoryTransfer;

  /** @throws CheckpointError INVALID_ARGUMENT */
  constructor(options?: MemorySaverOptions) {
    const { serializer = createSerializer() } = readOpenOptions("new MemorySaver()", options);
    this.#serializer = serializer;
    this.#inbox = new MemoryInbox(serializer);
    this.#journal = new MemoryJournal(serializer);
    this.#reader = new MemoryReader(this.#threads, serializer);
    this.#writer = new MemoryWriter(this.#threads, serializer, this.#inbox, new MemoryDecisions(this.#threads, serializer));
    this.#retention = new MemoryRetention(this.#threads, serializer, this.#inbox, this.#leases, this.#reader);
    this.#transfer = new MemoryTransfer(this.#threads, serializer, this.#reader, this.#writer);
  }

  async getTuple(config: CheckpointConfig): Promise<CheckpointTuple | undefined> {
    return this.#reader.getTuple(config);
  }

  /** Tuples of one call may share values: take them as immutable. */
  list(config: CheckpointConfig, options?: CheckpointListOptions): AsyncIterableIterator<CheckpointTuple> {
    return asAsync(this.#reader.list(config, options));
  }

  async put(
    config: CheckpointConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions: ChannelVersions,
    base?: Checkpoint,
  ): Promise<CheckpointConfig> {
    return this.#writer.put(config, incomingCheckpoint(checkpoint, newVersions, base), metadata);
  }

  async putWrites(config: CheckpointConfig, writes: PendingWrite[], taskId: string): Promise<void> {
    checkWrites(writes, taskId);
    this.#writer.putWrites(requirePoint(config), writes, taskId);
  }

  async recordDecisions(
    config: CheckpointConfig,
    decisions: readonly Decision[],
    journal: readonly JournalDraft[] = [],
  ): Promise<DecisionOutcome> {
    const point = requirePoint(config);
    checkDecisions(decisions);
    const { threadId, ns, checkpointId } = point;
    if (this.#threads.get(threadId, ns)?.get(checkpointId) === undefined) throw unknownCheckpoint(threadId, checkpointId);
    const drafts = encodeDrafts(this.#serializer, threadId, journal);
    const outcome = this.#writer.recordDecisions(point, decisions);
    if (outcome.kind === "recorded") this.#journal.append(threadId, drafts);
    return outcome;
  }

  async acquireLease(threadId: string, lease: ThreadLease, now: number): Promise<LeaseOutcome> {
    requireText("The thread's id", threadId);
    return this.#leases.acquire(threadId, lease, now);
  }

  async releaseLease(threadId: string, leaseId: string): Promise<void> {
    this.#leases.release(threadId, leaseId);
  }

  async listInterrupts(query?: InterruptQuery): Promise<InterruptPage> {
    return this.#inbox.page(resolveQuery(query));
  }

  async appendJournal(threadId: string, entries: readonly JournalDraft[]): Promise<readonly JournalEntry[]> {
    return this.#journal.append(threadId, encodeDrafts(this.#serializer, threadId, entries));
  }

  async *readJournal(query?: Parameters<NonNullable<CheckpointSaver["readJournal"]>>[0]): AsyncIterableIterator<JournalEntry> {
    const { threadId, after, limit } = readJournalQuery(query);
    yield* this.#journal.read(threadId, after, limit);
  }

  /** Deletes all of the thread but its journal. */
  async deleteThread(threadId: string): Promise<void> {
    requireText("The thread's id", threadId);
    this.#threads.delete(threadId);
    this.#inbox.deleteThread(threadId);
  }

  async prune(options: PruneOptions): Promise<PruneResult> {
    return this.#retention.prune(options);
  }

  async copyThread(fromThreadId: string, toThreadId: string): Promise<void> {
    const target = requireThreadId(toThreadId);
    if (!this.#threads.isEmpty(target)) throw threadNotEmpty(target);
    const arranged = await arrangeRecords(this.#transfer.records(requireThreadId(fromThreadId)));
    if (arranged.checkpoints.length + arranged.writes.length === 0) throw unknownThread(fromThreadId);
    this.#transfer.store(target, arranged);
  }

  async stats(query?: StatsQuery): Promise<StorageStats> {
    return this.#retention.stats(query);
  }

  /** Reads the thread as it is at the first step. */
  async *exportThread(threadId: string): AsyncIterableIterator<ThreadRecord> {
    yield* this.#transfer.records(requireThreadId(threadId));
  }

  async importThread(threadId: string, records: Iterable<ThreadRecord> | AsyncIterable<ThreadRecord>): Promise<void> {
    const target = requireThreadId(threadId);
    this.#transfer.store(target, await arrangeRecords(records));
  }
}

function unknownCheckpoint(threadId: string, checkpointId: string): CheckpointError {
  return new CheckpointError(
    "UNKNOWN_CHECKPOINT",
    `The thread ${JSON.stringify(threadId)} has no checkpoint ${checkpointId}. It was deleted, or belongs to another storage.`,
  );
}

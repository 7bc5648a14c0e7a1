import {
  arrangeRecords,
  asAsync,
  type ChannelVersions,
  type Checkpoint,
  type CheckpointConfig,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointSaver,
  type CheckpointTuple,
  checkDecisions,
  checkWrites,
  configOf,
  createSerializer,
  type Decision,
  type DecisionOutcome,
  encodeDrafts,
  type InterruptPage,
  type InterruptQuery,
  incomingCheckpoint,
  type JournalDraft,
  type JournalEntry,
  type LeaseOutcome,
  metadataPlace,
  type PendingWrite,
  type PruneOptions,
  type PruneResult,
  readJournalQuery,
  readListOptions,
  readOpenOptions,
  requireNewPoint,
  requirePoint,
  requireThreadId,
  resolveQuery,
  type Serializer,
  type StatsQuery,
  type StorageStats,
  type ThreadLease,
  type ThreadRecord,
  threadNotEmpty,
  unknownThread,
} from "@holdpoint/checkpoint";
import { configure } from "./configure.js";
import { Connection } from "./connection.js";
import { readInboxPage } from "./inbox-page.js";
import { InterruptIndex } from "./interrupt-index.js";
import { toKeyText } from "./key-text.js";
import { migrate } from "./migrate.js";
import { openDatabase } from "./open-database.js";
import { PointWriter } from "./point-writer.js";
import { ThreadPruner } from "./prune-threads.js";
import { CheckpointWriter } from "./put-checkpoint.js";
import type { SqliteHandle } from "./sqlite-handle.js";
import { SQL } from "./statements.js";
import { readStats } from "./storage-stats.js";
import { ThreadJournal } from "./thread-journal.js";
import { ThreadLeases } from "./thread-leases.js";
import { ThreadTransfer } from "./thread-transfer.js";
import { TupleReader } from "./tuple-reader.js";

export interface SqliteSaverOptions {
  /** How values are kept. Default: `createSerializer()` of `@holdpoint/checkpoint`. */
  readonly serializer?: Serializer;
}

export interface SqliteFileOptions extends SqliteSaverOptions {
  /** Milliseconds to wait for another process that is writing, before STORAGE_BUSY. The wait blocks the event loop. Default 5,000. */
  readonly busyTimeout?: number;
  /**
   * What a saved checkpoint survives. `normal`: the death of the process at any moment. `full`: power loss as well, at the
   * price of one fsync for each save. Default `normal`.
   */
  readonly synchronous?: "normal" | "full";
}

/**
 * Keeps checkpoints in one SQLite file, which several processes of one machine may share.
 *
 * Every method resolves after its transaction was committed: what was acknowledged survives `kill -9`. What is saved within one turn of the event loop,
 * by one run or by many, shares a transaction. A checkpoint costs one row that holds what changed since its parent. Drivers work
 * synchronously; a transaction takes some tens of microseconds.
 *
 * @throws CheckpointError from every method: STORAGE_BUSY (retryable), STORAGE_FAILED (also where the file was removed or replaced meanwhile),
 *   STORAGE_CLOSED, CORRUPT_DATA (with its `place`), INVALID_CONFIG, INVALID_ARGUMENT.
 *
 * @example
 * const checkpointer = SqliteSaver.fromConnString("agent.db");
 * const graph = builder.compile({ checkpointer });
 */
export class SqliteSaver implements CheckpointSaver {
  readonly ordered = true;
  readonly columns: CheckpointSaver["put"] = SqliteSaver.prototype.put;
  readonly #connection: Connection;
  readonly #serializer: Serializer;
  readonly #reader: TupleReader;
  readonly #checkpoints: CheckpointWriter;
  readonly #points: PointWriter;
  readonly #journal: ThreadJournal;
  readonly #leases: ThreadLeases;
  readonly #pruner: ThreadPruner;
  readonly #transfer: ThreadTransfer;

  /**
   * Uses an open handle of `better-sqlite3`, `node:sqlite` or `libsql`, with the settings that it has (journal mode, timeout), and
   * brings its schema up to date. Tables are named `holdpoint_…`; others of the same file are left alone. Not to be called within a
   * transaction of the handle.
   * @throws CheckpointError NEWER_DATABASE, STORAGE_BUSY, STORAGE_FAILED, CORRUPT_DATA (not a SQLite file).
   */
  constructor(handle: SqliteHandle, given?: SqliteSaverOptions) {
    const options = readOpenOptions("new SqliteSaver()", given);
    const connection = new Connection(handle);
    const serializer = options.serializer ?? createSerializer();
    const interrupts = new InterruptIndex(connection, serializer);
    this.#connection = connection;
    this.#serializer = serializer;
    this.#checkpoints = new CheckpointWriter(connection, serializer);
    this.#reader = new TupleReader(connection, serializer, this.#checkpoints, options.serializer === undefined);
    this.#journal = new ThreadJournal(connection, serializer);
    this.#points = new PointWriter(connection, serializer, interrupts, this.#journal);
    this.#leases = new ThreadLeases(connection);
    this.#pruner = new ThreadPruner(connection, serializer, this.#reader, this.#leases);
    this.#transfer = new ThreadTransfer(connection, serializer, interrupts);
    migrate(connection, interrupts);
    connection.watchFile();
  }

  /**
   * Opens a database file, or `":memory:"`, and creates it if need be: with `node:sqlite` where the runtime has it (Node.js 22.13 and
   * later), otherwise with an installed `libsql` or `better-sqlite3`.
   * @throws CheckpointError MISSING_DRIVER with the command that installs one, and as the constructor.
   */
  static fromConnString(path: string, given?: SqliteFileOptions): SqliteSaver {
    const options = readOpenOptions("SqliteSaver.fromConnString()", given);
    const { busyTimeout = 5000, synchronous = "normal" } = options;
    const handle = openDatabase(path);
    try {
      configure(handle, { busyTimeout, synchronous });
      return new SqliteSaver(handle, options);
    } catch (error) {
      handle.close();
      throw error;
    }
  }

  async getTuple(config: CheckpointConfig): Promise<CheckpointTuple | undefined> {
    return this.#reader.getTuple(config);
  }

  /**
   * Tuples of one call may share values: take them as immutable. They are read in pages of up to a hundred, each of which is one state of the database:
   * what others save or delete meanwhile may or may not show.
   */
  list(config: CheckpointConfig, options?: CheckpointListOptions): AsyncIterableIterator<CheckpointTuple> {
    return asAsync(this.#reader.list(config, readListOptions(options)));
  }

  async put(
    config: CheckpointConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions: ChannelVersions,
    base?: Checkpoint,
    more?: boolean,
  ): Promise<CheckpointConfig> {
    const point = requireNewPoint(config, checkpoint?.id);
    const { threadId, ns, id, parentId } = point;
    const encodedMetadata = this.#serializer.dumps(metadata, metadataPlace(point, id));
    const incoming = incomingCheckpoint(checkpoint, newVersions, base);
    await this.#checkpoints.put({ threadId, ns, parentId, incoming, metadata: encodedMetadata }, more === true);
    return configOf(threadId, ns, id);
  }

  async putWrites(config: CheckpointConfig, writes: PendingWrite[], taskId: string, more?: boolean): Promise<void> {
    const point = requirePoint(config);
    checkWrites(writes, taskId);
    if (writes.length > 0) await this.#points.putWrites(point, writes, taskId, more === true);
  }

  async recordDecisions(
    config: CheckpointConfig,
    decisions: readonly Decision[],
    journal: readonly JournalDraft[] = [],
  ): Promise<DecisionOutcome> {
    const point = requirePoint(config);
    checkDecisions(decisions);
    return this.#points.recordDecisions(point, decisions, encodeDrafts(this.#serializer, point.threadId, journal));
  }

  async acquireLease(threadId: string, lease: ThreadLease, now: number): Promise<LeaseOutcome> {
    return this.#leases.acquire(threadId, lease, now);
  }

  async releaseLease(threadId: string, leaseId: string): Promise<void> {
    return this.#leases.release(threadId, leaseId);
  }

  /**
   * Pages over the questions of all threads. By an index each: `threadId`, `expiresBefore`, `assignee`, `graph`, in this order; what is
   * given besides the first of them is looked up row by row. A page of `expiresBefore` takes time with the number of questions that match.
   */
  async listInterrupts(query?: InterruptQuery): Promise<InterruptPage> {
    return readInboxPage(this.#connection, this.#serializer, resolveQuery(query));
  }

  async appendJournal(threadId: string, entries: readonly JournalDraft[]): Promise<readonly JournalEntry[]> {
    const drafts = encodeDrafts(this.#serializer, threadId, entries);
    return drafts.length === 0 ? [] : this.#connection.change({ run: () => this.#journal.append(threadId, drafts) });
  }

  async *readJournal(query?: Parameters<NonNullable<CheckpointSaver["readJournal"]>>[0]): AsyncIterableIterator<JournalEntry> {
    const { threadId, after, limit } = readJournalQuery(query);
    yield* this.#journal.read(threadId, after, limit);
  }

  /** Deletes all of the thread but its journal. */
  async deleteThread(threadId: string): Promise<void> {
    const thread = toKeyText(threadId);
    this.#connection.write(() => {
      this.#connection.run(SQL.deleteInterruptsOfThread, thread);
      this.#connection.run(SQL.deleteWritesOfThread, thread);
      this.#connection.run(SQL.deleteCheckpointsOfThread, thread);
      this.#connection.run(SQL.deleteLinesOfThread, thread);
    });
  }

  /**
   * Prunes each thread in one transaction, with the event loop and the database free for others in between. Space that becomes free is used
   * again by what is saved next; `compact()` gives it back. A thread that cannot be read is left alone, and its error is thrown in the end.
   * @throws CheckpointError INVALID_ARGUMENT; STORAGE_BUSY (retryable: what was pruned until then is done), CORRUPT_DATA, UNKNOWN_KEY
   */
  async prune(options: PruneOptions): Promise<PruneResult> {
    return this.#pruner.prune(options);
  }

  async copyThread(fromThreadId: string, toThreadId: string): Promise<void> {
    const [from, to] = [requireThreadId(fromThreadId), requireThreadId(toThreadId)];
    if (!this.#transfer.isEmpty(to)) throw threadNotEmpty(to);
    const arranged = await arrangeRecords(this.#transfer.records(from));
    if (arranged.checkpoints.length + arranged.writes.length === 0) throw unknownThread(from);
    this.#transfer.store(to, arranged);
  }

  async stats(query?: StatsQuery): Promise<StorageStats> {
    return readStats(this.#connection, query);
  }

  /** Reads the thread as it is at the first step; its stored form is in memory until the last. */
  async *exportThread(threadId: string): AsyncIterableIterator<ThreadRecord> {
    yield* this.#transfer.records(requireThreadId(threadId));
  }

  /** Reads all records before it saves any, in one transaction. */
  async importThread(threadId: string, records: Iterable<ThreadRecord> | AsyncIterable<ThreadRecord>): Promise<void> {
    const target = requireThreadId(threadId);
    this.#transfer.store(target, await arrangeRecords(records));
  }

  /**
   * Writes the file anew without the space that deleted data took, and without what is left of that data. Nobody else can use the database
   * meanwhile, and this process waits: seconds, where the file has hundreds of megabytes. It needs as much free disk as the file takes.
   * @throws CheckpointError STORAGE_BUSY (retryable) if somebody is using it
   */
  async compact(): Promise<void> {
    this.#connection.exec(SQL.vacuum);
    this.#connection.all(SQL.truncateLog);
  }

  /** Closes the database, also one that was handed over. Later calls fail with STORAGE_CLOSED. */
  close(): void {
    this.#connection.close();
  }
}

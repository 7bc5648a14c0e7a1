import {
  arrangeRecords,
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
  readId,
  readJournalQuery,
  readListOptions,
  readNamespace,
  readOpenOptions,
  rememberShapes,
  requireNewPoint,
  requirePoint,
  requireThreadId,
  resolveQuery,
  type Serializer,
  type StatsQuery,
  type StorageEvent,
  type StorageStats,
  type ThreadLease,
  type ThreadRecord,
  threadNotEmpty,
  toKeyText,
  unknownThread,
} from "@holdpoint/checkpoint";
import { pointKey } from "./change.js";
import { ChangeQueue } from "./change-queue.js";
import { checkTime } from "./check-time.js";
import { Connection } from "./connection.js";
import { EventListener } from "./event-listener.js";
import { readInboxPage } from "./inbox-page.js";
import { LineMemory } from "./line-memory.js";
import { listTuples } from "./list-query.js";
import { migrate } from "./migrate.js";
import { openListener, poolFor } from "./open-pool.js";
import type { PostgresPool } from "./postgres-pool.js";
import { ThreadPruner } from "./prune-threads.js";
import { CheckpointWriter } from "./put-checkpoint.js";
import { TaskWriter } from "./put-writes.js";
import { DecisionRecorder } from "./record-decisions.js";
import { saveGroup } from "./save-group.js";
import type { PostgresConnectOptions, PostgresSaverOptions } from "./saver-options.js";
import { schemaName } from "./schema-name.js";
import { SQL } from "./statements.js";
import { closed } from "./storage-error.js";
import { readStats } from "./storage-stats.js";
import { ThreadJournal } from "./thread-journal.js";
import { ThreadLeases } from "./thread-leases.js";
import { ThreadTransfer } from "./thread-transfer.js";
import { TupleReader } from "./tuple-reader.js";
import { Turns } from "./turn.js";

/**
 * Keeps checkpoints in a PostgreSQL database (15 or later), which many processes and machines may share.
 *
 * Every method resolves after its transaction was committed: what was acknowledged survives whatever the server's commits survive. In the usual case
 * `getTuple`, `put` and `putWrites` are one round trip each. The tables are made when they are first needed, or by {@link PostgresSaver.setup}.
 *
 * What changes a thread takes effect in the order of the calls, also where nobody waits for the one before. Saves of many threads, or of one, that are
 * handed in at the same moment share a statement and a commit; one that fails takes along only those that stand on its checkpoint, while a lost
 * connection is told to all of them. Reads see what is committed.
 *
 * A call that fails with a `retryable` error may be repeated as it is, also where it was saved after all and only the answer was lost: the same
 * checkpoint or writes again change nothing. A repeated `recordDecisions` reports a conflict with what it had recorded itself; a repeated
 * `appendJournal` appends again, so read the journal's end first.
 *
 * @throws CheckpointError from every method: STORAGE_BUSY and STORAGE_FAILED (see `retryable`), STORAGE_CLOSED, NEWER_DATABASE, CORRUPT_DATA,
 *   INVALID_CONFIG, INVALID_ARGUMENT.
 *
 * @example
 * const checkpointer = PostgresSaver.fromConnString("postgres://user:password@localhost:5432/agents");
 * const graph = builder.compile({ checkpointer });
 */
export class PostgresSaver implements CheckpointSaver {
  readonly ordered = true;
  readonly columns: CheckpointSaver["put"] = PostgresSaver.prototype.put;
  readonly #connection: Connection;
  readonly #serializer: Serializer;
  readonly #memory = new LineMemory();
  readonly #turns: Turns;
  readonly #changes: ChangeQueue;
  readonly #tuples: TupleReader;
  readonly #checkpoints: CheckpointWriter;
  readonly #tasks: TaskWriter;
  readonly #journal: ThreadJournal;
  readonly #decisions: DecisionRecorder;
  readonly #leases: ThreadLeases;
  readonly #pruner: ThreadPruner;
  readonly #transfer: ThreadTransfer;
  readonly #events: EventListener;
  /** Whether metadata is stored as the default serializer writes it, so that SQL can look into it. */
  readonly #isReadable: boolean;
  #ownsPool = false;
  #isClosed = false;

  /**
   * Uses a pool of `pg`, with the settings that it has. It stays open: it is yours.
   * @throws CheckpointError INVALID_ARGUMENT if an option cannot be used
   */
  constructor(pool: PostgresPool, given?: PostgresSaverOptions) {
    const options = readOpenOptions("new PostgresSaver()", given);
    const { serializer = createSerializer(), busyTimeout = 5000, prepare = true } = options;
    const schema = schemaName(options.schema ?? "holdpoint");
    this.#connection = new Connection(pool, { schema, prepares: prepare }, (session) => migrate(session, schema));
    this.#serializer = serializer;
    this.#isReadable = options.serializer === undefined;
    this.#turns = new Turns(schema, checkTime("busyTimeout", busyTimeout));
    this.#tuples = new TupleReader(serializer);
    this.#changes = new ChangeQueue((group) => saveGroup(this.#connection, this.#turns, group));
    this.#checkpoints = new CheckpointWriter(this.#connection, serializer, this.#memory, this.#turns, this.#changes);
    this.#tasks = new TaskWriter(serializer, this.#turns);
    this.#journal = new ThreadJournal(serializer, this.#turns);
    this.#decisions = new DecisionRecorder(this.#connection, serializer, this.#turns, this.#journal);
    this.#leases = new ThreadLeases(this.#connection, this.#turns, this.#changes);
    this.#pruner = new ThreadPruner(this.#connection, serializer, this.#tuples, this.#leases, this.#turns);
    this.#transfer = new ThreadTransfer(this.#connection, serializer, this.#tasks, this.#turns);
    this.#events = new EventListener(
      () => openListener(pool),
      (sql) => this.#connection.textOf(sql),
    );
  }

  /**
   * Makes a pool for a connection string (`postgres://…`). Connects when it is first needed. {@link PostgresSaver.end} ends it.
   * @throws CheckpointError MISSING_DRIVER if `pg` is not installed, INVALID_ARGUMENT if the string or an option cannot be used
   */
  static fromConnString(connectionString: string, given?: PostgresConnectOptions): PostgresSaver {
    const options = readOpenOptions("PostgresSaver.fromConnString()", given);
    const saver = new PostgresSaver(poolFor(connectionString, options), options);
    saver.#ownsPool = true;
    return saver;
  }

  /**
   * Makes the tables, or brings them up to date. Every other method does so first, once; this is for those who want to do it at a time of their own,
   * or as a user who may create a schema. Safe while other processes do the same.
   * @throws CheckpointError NEWER_DATABASE if a newer version of this package has been at it
   */
  async setup(): Promise<void> {
    await this.#connection.setup();
  }

  async getTuple(config: CheckpointConfig): Promise<CheckpointTuple | undefined> {
    const threadId = readId(config, "thread_id");
    if (threadId === undefined) return undefined;
    const line = { threadId, ns: readNamespace(config) ?? "" };
    const found = await this.#tuples.find(this.#connection, line, readId(config, "checkpoint_id"));
    if (found === undefined) return undefined;
    const { head, tuple } = found;
    this.#memory.offer(line, { id: head.id, row: { pk: head.pk, line: head.line }, sizes: head.sizes });
    rememberShapes(tuple.checkpoint);
    return tuple;
  }

  /** Tuples of one call may share values: take them as immutable. What others save meanwhile may or may not be among them. */
  async *list(config: CheckpointConfig, given?: CheckpointListOptions): AsyncIterableIterator<CheckpointTuple> {
    yield* listTuples(this.#connection, this.#serializer, config, readListOptions(given), this.#isReadable);
  }

  async put(
    config: CheckpointConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions: ChannelVersions,
    base?: Checkpoint,
  ): Promise<CheckpointConfig> {
    const point = requireNewPoint(config, checkpoint?.id);
    const { threadId, ns, id, parentId } = point;
    const stored = this.#serializer.dumps(metadata, metadataPlace(point, id));
    const incoming = incomingCheckpoint(checkpoint, newVersions, base);
    await this.#checkpoints.put({ threadId, ns, parentId, incoming, metadata: stored });
    return configOf(threadId, ns, id);
  }

  async putWrites(config: CheckpointConfig, writes: PendingWrite[], taskId: string): Promise<void> {
    const point = requirePoint(config);
    checkWrites(writes, taskId);
    if (writes.length > 0) await this.#changes.add(this.#tasks.change(this.#connection, point, writes, taskId));
  }

  async recordDecisions(
    config: CheckpointConfig,
    decisions: readonly Decision[],
    journal: readonly JournalDraft[] = [],
  ): Promise<DecisionOutcome> {
    const point = requirePoint(config);
    checkDecisions(decisions);
    const drafts = encodeDrafts(this.#serializer, point.threadId, journal);
    const record = this.#decisions.prepare(point, decisions, drafts);
    return this.#alone(point.threadId, record, pointKey(point.ns, point.checkpointId));
  }

  async acquireLease(threadId: string, lease: ThreadLease, now: number): Promise<LeaseOutcome> {
    return this.#leases.acquire(threadId, lease, now);
  }

  async releaseLease(threadId: string, leaseId: string): Promise<void> {
    await this.#leases.release(threadId, leaseId);
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
    if (drafts.length === 0) return [];
    return this.#alone(threadId, () => this.#connection.write((session) => this.#journal.append(session, threadId, drafts)));
  }

  async *readJournal(query?: Parameters<NonNullable<CheckpointSaver["readJournal"]>>[0]): AsyncIterableIterator<JournalEntry> {
    const { threadId, after, limit } = readJournalQuery(query);
    yield* this.#journal.read(this.#connection, threadId, after, limit);
  }

  /** Deletes all of the thread but its journal and its lease. */
  async deleteThread(threadId: string): Promise<void> {
    await this.#alone(threadId, () => this.#connection.all(SQL.deleteThread, ...this.#turns.of(threadId), toKeyText(threadId)));
  }

  /**
   * Prunes each thread in a transaction of its own. A thread that cannot be read is left alone, and its error is thrown in the end. PostgreSQL uses
   * the space again for what is saved next, once its vacuum has been there.
   * @throws CheckpointError INVALID_ARGUMENT; STORAGE_BUSY (retryable: what was pruned until then is done), CORRUPT_DATA, UNKNOWN_KEY
   */
  async prune(options: PruneOptions): Promise<PruneResult> {
    return this.#pruner.prune(options);
  }

  async copyThread(fromThreadId: string, toThreadId: string): Promise<void> {
    const [from, to] = [requireThreadId(fromThreadId), requireThreadId(toThreadId)];
    if (!(await this.#transfer.isEmpty(this.#connection, to))) throw threadNotEmpty(to);
    const arranged = await arrangeRecords(this.#transfer.records(from));
    if (arranged.checkpoints.length + arranged.writes.length === 0) throw unknownThread(from);
    await this.#alone(to, () => this.#transfer.store(to, arranged));
  }

  /** Looks at every row of what it counts. */
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
    const arranged = await arrangeRecords(records);
    await this.#alone(target, () => this.#transfer.store(target, arranged));
  }

  /**
   * Tells of changes that any process makes on this database, on a connection of its own. A connection that is lost is made again, and `gap` is told
   * then: what happened meanwhile was not heard.
   * @throws CheckpointError UNSUPPORTED if the pool is not one of `pg` and cannot make a connection beside its own
   */
  async subscribe(listener: (event: StorageEvent) => void): Promise<() => Promise<void>> {
    if (this.#isClosed) throw closed();
    await this.#connection.setup();
    return this.#events.subscribe(listener);
  }

  /**
   * Ends what was opened here, once what was handed in before is saved: the connection of the listeners, and the pool of `fromConnString`. Later calls
   * fail with STORAGE_CLOSED.
   */
  async end(): Promise<void> {
    this.#isClosed = true;
    await this.#events.close();
    await this.#changes.drained();
    await this.#connection.close(this.#ownsPool);
  }

  /** Makes a change of a thread behind all that was handed in before it. */
  #alone<T>(threadId: string, run: () => Promise<T>, needs?: string): Promise<T> {
    return this.#changes.add({ threadId, part: undefined, needs, run });
  }
}

import {
  type ChannelVersions,
  type Checkpoint,
  type CheckpointConfig,
  CheckpointError,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointPendingWrite,
  type CheckpointSaver,
  type CheckpointTuple,
  configOf,
  createSerializer,
  DECISION_CHANNEL,
  DECISION_INDEX,
  type Decision,
  type DecisionOutcome,
  decide,
  decisionPlace,
  encodeDrafts,
  type IndexedWrite,
  type InterruptPage,
  type InterruptQuery,
  indexWrites,
  type JournalDraft,
  type JournalEntry,
  type LeaseOutcome,
  matchesFilter,
  metadataPlace,
  needsPendingSends,
  type PendingWrite,
  QUESTION_CHANNEL,
  readId,
  readNamespace,
  rememberShapes,
  requireCheckpointId,
  requireLine,
  requirePoint,
  resolveQuery,
  type Serializer,
  type ThreadLease,
  type ThreadLine,
  type ThreadPoint,
  withPendingSends,
  writePlace,
} from "@holdpoint/checkpoint";
import { ChainReader } from "./chain-reader.js";
import { configure } from "./configure.js";
import { Connection } from "./connection.js";
import { readInboxPage } from "./inbox-page.js";
import { InterruptIndex, type RootPoint } from "./interrupt-index.js";
import { fromKeyText, toKeyText } from "./key-text.js";
import { type HeadRow, type ListedRow, listQuery, listRows } from "./list-query.js";
import { migrate } from "./migrate.js";
import { openDatabase } from "./open-database.js";
import { CheckpointWriter } from "./put-checkpoint.js";
import type { SqliteHandle } from "./sqlite-handle.js";
import { SQL } from "./statements.js";
import { ThreadJournal } from "./thread-journal.js";
import { ThreadLeases } from "./thread-leases.js";

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
 * @throws CheckpointError from every method: STORAGE_BUSY (retryable), STORAGE_FAILED, STORAGE_CLOSED, CORRUPT_DATA, INVALID_CONFIG.
 *
 * @example
 * const checkpointer = SqliteSaver.fromConnString("agent.db");
 * const graph = builder.compile({ checkpointer });
 */
export class SqliteSaver implements CheckpointSaver {
  readonly ordered = true;
  readonly #connection: Connection;
  readonly #serializer: Serializer;
  readonly #writer: CheckpointWriter;
  readonly #interrupts: InterruptIndex;
  readonly #journal: ThreadJournal;
  readonly #leases: ThreadLeases;
  /** Whether metadata is stored as the default serializer writes it, so that SQL can look into it. */
  readonly #isReadable: boolean;

  /**
   * Uses an open handle of `better-sqlite3`, `node:sqlite` or `libsql`, with the settings that it has (journal mode, timeout), and
   * brings its schema up to date. Tables are named `holdpoint_…`; others of the same file are left alone. Not to be called within a
   * transaction of the handle.
   * @throws CheckpointError NEWER_DATABASE, STORAGE_BUSY, STORAGE_FAILED, CORRUPT_DATA (not a SQLite file).
   */
  constructor(handle: SqliteHandle, options: SqliteSaverOptions = {}) {
    this.#connection = new Connection(handle);
    this.#serializer = options.serializer ?? createSerializer();
    this.#isReadable = options.serializer === undefined;
    this.#interrupts = new InterruptIndex(this.#connection, this.#serializer);
    this.#writer = new CheckpointWriter(this.#connection, this.#serializer);
    this.#journal = new ThreadJournal(this.#connection, this.#serializer);
    this.#leases = new ThreadLeases(this.#connection);
    migrate(this.#connection, this.#interrupts);
  }

  /**
   * Opens a database file, or `":memory:"`, and creates it if need be: with `node:sqlite` where the runtime has it (Node.js 22.13 and
   * later), otherwise with an installed `libsql` or `better-sqlite3`.
   * @throws CheckpointError MISSING_DRIVER with the command that installs one, and as the constructor.
   */
  static fromConnString(path: string, options: SqliteFileOptions = {}): SqliteSaver {
    const { busyTimeout = 5000, synchronous = "normal" } = options;
    const handle = openDatabase(path);
    try {
      configure(new Connection(handle), { busyTimeout, synchronous });
      return new SqliteSaver(handle, options);
    } catch (error) {
      handle.close();
      throw error;
    }
  }

  async getTuple(config: CheckpointConfig): Promise<CheckpointTuple | undefined> {
    const threadId = readId(config, "thread_id");
    if (threadId === undefined) return undefined;
    const ns = readNamespace(config) ?? "";
    const id = readId(config, "checkpoint_id");
    const line = [toKeyText(threadId), toKeyText(ns)];
    const tuple = this.#connection.read(() => {
      const row = id === undefined ? this.#get(SQL.readNewest, ...line) : this.#get(SQL.readOne, ...line, id);
      if (row === undefined) return undefined;
      if (id === undefined) this.#writer.noteRead({ threadId, ns }, row.id, row);
      return this.#readTuple({ threadId, ns }, row, new ChainReader(this.#connection, this.#serializer));
    });
    if (tuple !== undefined) rememberShapes(tuple.checkpoint);
    return tuple;
  }

  /** Tuples of one call may share values: take them as immutable. What others save meanwhile may or may not be among them. */
  async *list(config: CheckpointConfig, options: CheckpointListOptions = {}): AsyncIterableIterator<CheckpointTuple> {
    const query = listQuery(config, options, this.#isReadable);
    const reader = new ChainReader(this.#connection, this.#serializer);
    let left = options.limit ?? Number.POSITIVE_INFINITY;
    if (left <= 0) return;
    for (const row of listRows(this.#connection, query, left)) {
      const line = { threadId: fromKeyText(row.thread), ns: fromKeyText(row.ns) };
      if (!matchesFilter(this.#readMetadata(line, row), options.filter)) continue;
      const tuple = this.#connection.read(() => this.#readListed(line, row, reader));
      if (tuple === undefined) continue;
      yield tuple;
      if (--left <= 0) return;
    }
  }

  async put(
    config: CheckpointConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    _newVersions: ChannelVersions,
    base?: Checkpoint,
  ): Promise<CheckpointConfig> {
    const line = requireLine(config);
    const id = requireCheckpointId(checkpoint.id);
    const parentId = readId(config, "checkpoint_id");
    if (parentId === id)
      throw new CheckpointError("INVALID_ARGUMENT", `The checkpoint ${id} cannot be its own parent. Give it an id of its own.`);
    const encodedMetadata = this.#serializer.dumps(metadata, metadataPlace(line, id));
    await this.#writer.put({ ...line, parentId, checkpoint, metadata: encodedMetadata, base });
    return configOf(line.threadId, line.ns, id);
  }

  async putWrites(config: CheckpointConfig, writes: PendingWrite[], taskId: string): Promise<void> {
    const point = requirePoint(config);
    if (writes.length === 0) return;
    const task = toKeyText(taskId);
    const indexed = indexWrites(writes);
    const encoded = indexed.map(({ value, ...write }) => {
      return { ...write, data: this.#serializer.dumps(value, writePlace(point, taskId, write.index, write.channel)) };
    });
    const asked = point.ns === "" ? indexed.findLast(({ channel }) => channel === QUESTION_CHANNEL) : undefined;
    const questions = asked === undefined ? undefined : this.#interrupts.encode(point, asked.value);
    await this.#connection.change(() => {
      if (this.#addWrites(point, task, encoded)) return;
      const row = this.#findPoint(point) ?? this.#placeholder(point);
      for (const { index, channel, replaces, data } of encoded) {
        this.#connection.run(replaces ? SQL.replaceWrite : SQL.addWrite, row.pk, index, task, toKeyText(channel), data);
      }
      if (questions !== undefined) this.#interrupts.ask(row, task, questions, Date.now());
    });
  }

  /** The usual case: new results beside a checkpoint that is there. @returns false if it is another one, and nothing was written */
  #addWrites({ threadId, ns, checkpointId }: ThreadPoint, task: string, writes: readonly EncodedWrite[]): boolean {
    if (writes.some(({ replaces }) => replaces)) return false;
    const place = [toKeyText(threadId), toKeyText(ns), checkpointId] as const;
    const add = ({ index, channel, data }: EncodedWrite) =>
      this.#connection.run(SQL.addWriteTo, index, task, toKeyText(channel), data, ...place).changes === 1;
    if (!add(writes[0]!)) return false;
    for (let at = 1; at < writes.length; at++) add(writes[at]!);
    return true;
  }

  async recordDecisions(
    config: CheckpointConfig,
    decisions: readonly Decision[],
    journal: readonly JournalDraft[] = [],
  ): Promise<DecisionOutcome> {
    const point = requirePoint(config);
    const encoded = decisions.map((decision) => {
      return { decision, data: this.#serializer.dumps(decision, decisionPlace(point, decision.interruptId)) };
    });
    const drafts = encodeDrafts(this.#serializer, point.threadId, journal);
    return this.#connection.change((): DecisionOutcome => {
      const row = this.#findPoint(point, true);
      if (row === undefined) throw unknownCheckpoint(point);
      const outcome = decide(decisions, (interruptId) => this.#readDecision(row, interruptId));
      if (outcome.kind === "conflict") return outcome;
      for (const { decision, data } of encoded) {
        const task = toKeyText(decision.interruptId);
        this.#connection.run(SQL.saveDecision, row.pk, DECISION_INDEX, decision.revision, task, DECISION_CHANNEL, data);
        if (point.ns === "") this.#interrupts.settle(row, decision.interruptId);
      }
      this.#journal.append(point.threadId, drafts);
      return outcome;
    });
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
    return drafts.length === 0 ? [] : this.#connection.change(() => this.#journal.append(threadId, drafts));
  }

  async *readJournal(query: Parameters<NonNullable<CheckpointSaver["readJournal"]>>[0] = {}): AsyncIterableIterator<JournalEntry> {
    yield* this.#journal.read(query.threadId, query.after, query.limit);
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

  /** Closes the database, also one that was handed over. Later calls fail with STORAGE_CLOSED. */
  close(): void {
    this.#connection.close();
  }

  #get(sql: string, ...values: string[]): HeadRow | undefined {
    return this.#connection.get<HeadRow>(sql, ...values);
  }

  /** Finds a checkpoint's row; that of a placeholder only if `saved` is false. */
  #findPoint(point: ThreadPoint, saved = false): RootPoint | undefined {
    const { threadId, ns, checkpointId } = point;
    const row = this.#connection.get<PointRow>(SQL.findPoint, toKeyText(threadId), toKeyText(ns), checkpointId);
    if (row === undefined || (saved && row.isSaved === 0)) return undefined;
    return { threadId, ns, checkpointId, pk: row.pk, line: row.line };
  }

  /** Makes the row of a checkpoint whose writes come before it. */
  #placeholder(point: ThreadPoint): RootPoint {
    const line = [toKeyText(point.threadId), toKeyText(point.ns)] as const;
    this.#connection.run(SQL.insertLine, ...line);
    this.#connection.run(SQL.insertPlaceholder, point.checkpointId, ...line);
    return this.#findPoint(point)!;
  }

  #readDecision(point: RootPoint, interruptId: string): Decision | undefined {
    const row = this.#connection.get<{ data: string | Uint8Array }>(SQL.readDecision, point.pk, toKeyText(interruptId), DECISION_INDEX);
    return row === undefined ? undefined : (this.#serializer.loads(row.data, decisionPlace(point, interruptId)) as Decision);
  }

  #readMetadata(line: ThreadLine, row: HeadRow): CheckpointMetadata {
    return this.#serializer.loads(row.metadata, metadataPlace(line, row.id)) as CheckpointMetadata;
  }

  /** Reads a row of a page, which others may have deleted since. */
  #readListed(line: ThreadLine, row: ListedRow, reader: ChainReader): CheckpointTuple | undefined {
    const standing = this.#connection.get(SQL.isThere, row.pk, row.id);
    return standing === undefined ? undefined : this.#readTuple(line, row, reader);
  }

  #readTuple(line: ThreadLine, row: HeadRow, reader: ChainReader): CheckpointTuple {
    const { threadId, ns } = line;
    const { pk, id, parent, parentId } = row;
    const checkpoint = row.isPatch === 1 ? reader.read(line, pk, id) : reader.readWhole(line, id, row.data);
    const isOld = parentId !== null && needsPendingSends(checkpoint);
    const sends = isOld && parent !== null ? this.#readWrites({ ...line, checkpointId: parentId }, parent) : [];
    return {
      config: configOf(threadId, ns, id),
      checkpoint: isOld ? withPendingSends(checkpoint, sends) : checkpoint,
      metadata: this.#readMetadata(line, row),
      parentConfig: parentId === null ? undefined : configOf(threadId, ns, parentId),
      pendingWrites: this.#readWrites({ ...line, checkpointId: id }, pk),
    };
  }

  #readWrites(point: ThreadPoint, checkpoint: number): CheckpointPendingWrite[] {
    return this.#connection.all<WriteRow>(SQL.readWrites, checkpoint).map(({ idx, data, revision, ...row }) => {
      const [task, channel] = [fromKeyText(row.task), fromKeyText(row.channel)];
      const place = revision === null ? writePlace(point, task, idx, channel) : decisionPlace(point, task);
      return [task, channel, this.#serializer.loads(data, place)];
    });
  }
}

interface WriteRow {
  readonly task: string;
  readonly idx: number;
  readonly channel: string;
  readonly data: string | Uint8Array;
  readonly revision: number | null;
}

interface PointRow {
  readonly pk: number;
  readonly line: number;
  readonly isSaved: number;
}

type EncodedWrite = Omit<IndexedWrite, "value"> & { readonly data: string | Uint8Array };

function unknownCheckpoint({ threadId, checkpointId }: ThreadPoint): CheckpointError {
  return new CheckpointError(
    "UNKNOWN_CHECKPOINT",
    `The thread ${JSON.stringify(threadId)} has no checkpoint ${checkpointId}. It was deleted, or belongs to another database.`,
  );
}

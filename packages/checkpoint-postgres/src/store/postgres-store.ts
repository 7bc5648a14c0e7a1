import {
  BaseStore,
  createSerializer,
  encodeDocument,
  type Operation,
  type OperationResult,
  type OperationResults,
  type ResolvedOperation,
  type ResolvedTtl,
  readOpenOptions,
  resolveOperations,
  resolveTtl,
  type Serializer,
  type StoreOptions,
} from "@holdpoint/checkpoint";
import { checkTime } from "../check-time.js";
import { Connection, type Session } from "../connection.js";
import { poolFor } from "../open-pool.js";
import type { PostgresPool } from "../postgres-pool.js";
import type { PostgresConnectOptions, PostgresSaverOptions } from "../saver-options.js";
import { schemaName } from "../schema-name.js";
import { DocumentReader, type DocumentsRead } from "./document-reader.js";
import { migrateStore } from "./migrate-store.js";
import { type DocumentWrite, planWrites } from "./plan-writes.js";
import { refreshDocuments, writeDocuments } from "./postgres-documents.js";
import { STORE_SQL } from "./store-statements.js";

export interface PostgresStoreOptions extends StoreOptions, Pick<PostgresSaverOptions, "schema" | "busyTimeout" | "prepare"> {}

export interface PostgresStoreConnectOptions extends PostgresStoreOptions, Pick<PostgresConnectOptions, "max" | "connectTimeout"> {}

/** Documents that a sweep deletes at once: others may write between two of them. */
const SWEPT_AT_ONCE = 1000;
/** Documents that a write deletes which are over: it costs little, and keeps up with any number of puts. */
const SWEPT_BY_WRITE = 100;
/** Times that a batch is tried which others came in the way of; the last time, others wait. */
const MAX_ATTEMPTS = 4;
/** serialization_failure */
const CHANGED_MEANWHILE = "40001";

/**
 * Keeps documents in a PostgreSQL database (15 or later), which many processes and machines may share, in the schema of a `PostgresSaver` or another one.
 *
 * Every method resolves after its transaction was committed. A batch is there as a whole or not at all; one that reads and writes reads one state of the
 * database, and is tried again where others change meanwhile what it writes. `get`, `put`, `delete`, and a search that its first page answers are one round
 * trip each. Keys and namespaces are found by an index; together they have about 2,500 bytes at most. A search with a `filter` decodes the documents
 * under its prefix, the one that was put last first, until the page is full. Documents whose time is over are never returned; each write
 * deletes up to a hundred of them, and `sweepExpired()` all. Times are those of this process: the clocks of several machines should agree within seconds.
 *
 * A call that fails with a `retryable` error may be repeated as it is, also where it was done after all and only the answer was lost.
 *
 * @throws CheckpointError from every method, besides what `BaseStore` says: STORAGE_BUSY and STORAGE_FAILED (see `retryable`), STORAGE_CLOSED,
 *   NEWER_DATABASE, CORRUPT_DATA.
 *
 * @example
 * ```ts
 * import { PostgresSaver, PostgresStore } from "@holdpoint/checkpoint-postgres";
 * import pg from "pg";
 * const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
 * const checkpointer = new PostgresSaver(pool);
 * const store = new PostgresStore(pool, { ttl: { defaultTtl: 60 * 24 * 30 } });
 * // builder.compile({ checkpointer, store })
 * ```
 */
export class PostgresStore extends BaseStore {
  readonly #connection: Connection;
  readonly #serializer: Serializer;
  readonly #reader: DocumentReader;
  readonly #ttl: ResolvedTtl;
  readonly #now: () => number;
  readonly #wait: number;
  #ownsPool = false;

  /**
   * Uses a pool of `pg`, with the settings that it has. It stays open: it is yours.
   * @throws CheckpointError INVALID_ARGUMENT if an option cannot be used
   */
  constructor(pool: PostgresPool, given?: PostgresStoreOptions) {
    super();
    const options = readOpenOptions("new PostgresStore()", given);
    const { busyTimeout = 5000, prepare = true, now = Date.now } = options;
    const schema = schemaName(options.schema ?? "holdpoint");
    this.#connection = new Connection(pool, { schema, prepares: prepare }, (session) => migrateStore(session, schema));
    this.#serializer = options.serializer ?? createSerializer();
    this.#reader = new DocumentReader(this.#serializer, options.serializer === undefined);
    this.#ttl = resolveTtl(options.ttl);
    this.#now = () => Math.floor(now());
    // Zero would be no limit.
    this.#wait = Math.max(checkTime("busyTimeout", busyTimeout), 1);
  }

  /**
   * Makes a pool for a connection string (`postgres://…`). Connects when it is first needed. {@link PostgresStore.end} ends it.
   * @throws CheckpointError MISSING_DRIVER if `pg` is not installed, INVALID_ARGUMENT if the string or an option cannot be used
   */
  static fromConnString(connectionString: string, given?: PostgresStoreConnectOptions): PostgresStore {
    const options = readOpenOptions("PostgresStore.fromConnString()", given);
    const store = new PostgresStore(poolFor(connectionString, options), options);
    store.#ownsPool = true;
    return store;
  }

  /**
   * Makes the tables, or brings them up to date. Every other method does so first, once; this is for those who want to do it at a time of their own,
   * or as a user who may create a schema. Safe while other processes do the same.
   * @throws CheckpointError NEWER_DATABASE if a newer version of this package has been at it
   */
  async setup(): Promise<void> {
    await this.#connection.setup();
  }

  override batch<const Operations extends readonly Operation[]>(operations: Operations): Promise<OperationResults<Operations>>;
  override batch(operations: readonly Operation[]): Promise<OperationResult[]>;
  override async batch(operations: readonly Operation[]): Promise<OperationResult[]> {
    const resolved = resolveOperations(operations, this.#ttl);
    const now = this.#now();
    const writes = this.#encode(resolved);
    if (writes.length === 0) return this.#readOnly(resolved, now);
    if (resolved.every(({ kind }) => kind === "put" || kind === "delete")) {
      await writeDocuments(this.#connection, writes, { now, wait: this.#wait, swept: SWEPT_BY_WRITE });
      return resolved.map(() => undefined);
    }
    return this.#readAndWrite(resolved, writes, now);
  }

  override async sweepExpired(): Promise<number> {
    const now = this.#now();
    for (let total = 0; ; ) {
      const { swept = 0 } = (await this.#connection.get<{ swept: number }>(STORE_SQL.sweep, now, SWEPT_AT_ONCE)) ?? {};
      total += swept;
      if (swept < SWEPT_AT_ONCE) return total;
    }
  }

  /** Makes the tables, as {@link setup}. */
  override start(): Promise<void> {
    return this.setup();
  }

  /** The same as {@link end}. */
  override stop(): Promise<void> {
    return this.end();
  }

  /** Ends the pool of `fromConnString`. Later calls fail with STORAGE_CLOSED. */
  async end(): Promise<void> {
    await this.#connection.close(this.#ownsPool);
  }

  #encode(operations: readonly ResolvedOperation[]): DocumentWrite[] {
    // All values, also those that a later one of the batch replaces: one that cannot be saved is an error wherever it stands.
    const writes = operations.flatMap((operation): DocumentWrite[] => {
      if (operation.kind === "delete") return [{ ...operation, data: undefined, duration: undefined }];
      if (operation.kind !== "put") return [];
      return [{ ...operation, data: encodeDocument(this.#serializer, operation, operation.value) }];
    });
    return planWrites(writes);
  }

  async #readOnly(operations: readonly ResolvedOperation[], now: number): Promise<OperationResult[]> {
    const [first, ...others] = operations;
    if (first === undefined) return [];
    // A search that one statement does not answer begins anew, where all of them see one state.
    const alone = others.length === 0 ? await this.#reader.readAtOnce(this.#connection, first, now) : undefined;
    const reads = alone === undefined ? await this.#connection.read((session) => this.#readAll(session, operations, now)) : [alone];
    await refreshDocuments(
      this.#connection,
      reads.flatMap(({ refreshed }) => refreshed),
      now,
    );
    return reads.map(({ result }) => result);
  }

  /** Reads one state, and writes upon it. Where others change meanwhile what it writes, it begins anew, and in the end holds them off. */
  async #readAndWrite(operations: readonly ResolvedOperation[], writes: readonly DocumentWrite[], now: number): Promise<OperationResult[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#connection.snapshot(async (session) => {
          if (attempt === MAX_ATTEMPTS) await session.all(STORE_SQL.lock(this.#wait));
          const reads = await this.#readAll(session, operations, now);
          await refreshDocuments(
            session,
            reads.flatMap(({ refreshed }) => refreshed),
            now,
          );
          // A sweep would meet those of others, and all of this would have to be done again.
          await writeDocuments(session, writes, { now, wait: this.#wait, swept: 0 });
          return reads.map(({ result }) => result);
        });
      } catch (error) {
        if (attempt === MAX_ATTEMPTS || !isChangedMeanwhile(error)) throw error;
      }
    }
  }

  async #readAll(session: Session, operations: readonly ResolvedOperation[], now: number): Promise<DocumentsRead[]> {
    const reads: DocumentsRead[] = [];
    for (const operation of operations) reads.push(await this.#reader.read(session, operation, now));
    return reads;
  }
}

function isChangedMeanwhile(error: unknown): boolean {
  return (error as { cause?: { code?: unknown } }).cause?.code === CHANGED_MEANWHILE;
}

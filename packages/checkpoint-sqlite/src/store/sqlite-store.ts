import {
  BaseStore,
  commonPrefix,
  createSerializer,
  decodeDocument,
  encodeDocument,
  type Item,
  listNamespaces,
  type Operation,
  type OperationResult,
  type OperationResults,
  type ResolvedOperation,
  type ResolvedSearch,
  type ResolvedTtl,
  readOpenOptions,
  requiredTexts,
  resolveOperations,
  resolveTtl,
  type Serializer,
  type StoreOptions,
  withoutIndex,
} from "@holdpoint/checkpoint";
import { configure } from "../configure.js";
import { Connection } from "../connection.js";
import { openDatabase } from "../open-database.js";
import type { SqliteHandle } from "../sqlite-handle.js";
import type { SqliteFileOptions } from "../sqlite-saver.js";
import { migrateStore } from "./migrate-store.js";
import { SqliteDocuments, type StoredDocument } from "./sqlite-documents.js";

export interface SqliteStoreFileOptions extends StoreOptions, Pick<SqliteFileOptions, "busyTimeout" | "synchronous"> {}

/**
 * Keeps documents in a SQLite file, which several processes of one machine may share, and which may be that of a `SqliteSaver`.
 *
 * Every method resolves after its transaction was committed: what was acknowledged survives `kill -9`, and a batch is there as a whole or not at all.
 * Keys and namespaces are found by an index. A search without `filter` reads what it returns; one with a filter decodes the documents under its prefix,
 * the one that was put last first, until the page is full. Documents whose time is over are never returned; each write deletes up to a hundred of them,
 * and `sweepExpired()` all.
 *
 * @throws CheckpointError from every method, besides what `BaseStore` says: STORAGE_BUSY (retryable), STORAGE_FAILED, STORAGE_CLOSED, CORRUPT_DATA.
 *
 * @example
 * ```ts
 * import { SqliteSaver, SqliteStore } from "@holdpoint/checkpoint-sqlite";
 * const checkpointer = SqliteSaver.fromConnString("agent.db");
 * const store = SqliteStore.fromConnString("agent.db");
 * await store.put(["users", "ada"], "settings", { theme: "dark" });
 * // builder.compile({ checkpointer, store })
 * ```
 */
export class SqliteStore extends BaseStore {
  readonly #connection: Connection;
  readonly #documents: SqliteDocuments;
  readonly #serializer: Serializer;
  readonly #ttl: ResolvedTtl;
  readonly #now: () => number;
  /** Whether values are stored as the default serializer writes them, so that SQL can look into them. */
  readonly #isReadable: boolean;

  /**
   * Uses an open handle of `better-sqlite3`, `node:sqlite` or `libsql`, also one that a `SqliteSaver` has, with the settings that it has, and brings the
   * store's part of the schema up to date. Not to be called within a transaction of the handle.
   * @throws CheckpointError INVALID_ARGUMENT (a default `ttl` that is none), NEWER_DATABASE, STORAGE_BUSY, STORAGE_FAILED, CORRUPT_DATA (not a SQLite file)
   */
  constructor(handle: SqliteHandle, given?: StoreOptions) {
    super();
    const options = readOpenOptions("new SqliteStore()", given);
    this.#connection = new Connection(handle, "SqliteStore");
    this.#documents = new SqliteDocuments(this.#connection);
    this.#serializer = options.serializer ?? createSerializer();
    this.#isReadable = options.serializer === undefined;
    this.#ttl = resolveTtl(options.ttl);
    this.#now = options.now ?? Date.now;
    migrateStore(this.#connection);
    this.#connection.watchFile();
  }

  /**
   * Opens a database file, or `":memory:"`, and creates it if need be, with the driver that `SqliteSaver.fromConnString` takes.
   * @throws CheckpointError MISSING_DRIVER with the command that installs one, and as the constructor
   */
  static fromConnString(path: string, given?: SqliteStoreFileOptions): SqliteStore {
    const options = readOpenOptions("SqliteStore.fromConnString()", given);
    const { busyTimeout = 5000, synchronous = "normal" } = options;
    const handle = openDatabase(path);
    try {
      configure(handle, { busyTimeout, synchronous });
      return new SqliteStore(handle, options);
    } catch (error) {
      handle.close();
      throw error;
    }
  }

  override batch<const Operations extends readonly Operation[]>(operations: Operations): Promise<OperationResults<Operations>>;
  override batch(operations: readonly Operation[]): Promise<OperationResult[]>;
  override async batch(operations: readonly Operation[]): Promise<OperationResult[]> {
    const resolved = resolveOperations(operations, this.#ttl);
    const writes = resolved.flatMap((operation) => this.#prepareWrite(operation) ?? []);
    const now = this.#now();
    const read: StoredDocument[] = [];
    const readAll = () => resolved.map((operation) => this.#read(operation, now, read));
    if (writes.length > 0) {
      return this.#connection.write(() => {
        const results = readAll();
        for (const document of read) this.#documents.refresh(document, now);
        for (const write of writes) write(now);
        this.#documents.sweepSome(now);
        return results;
      });
    }
    const results = this.#connection.read(readAll);
    this.#refresh(read, now);
    return results;
  }

  override async sweepExpired(): Promise<number> {
    return this.#documents.sweep(this.#now());
  }

  /** The same as {@link close}. */
  override stop(): void {
    this.close();
  }

  /** Closes the database, also one that was handed over. Later calls fail with STORAGE_CLOSED. */
  close(): void {
    this.#connection.close();
  }

  /** Does all of a write that can fail by itself, and returns the rest. */
  #prepareWrite(operation: ResolvedOperation): ((now: number) => void) | undefined {
    if (operation.kind === "delete") return () => this.#documents.delete(operation);
    if (operation.kind !== "put") return undefined;
    const data = encodeDocument(this.#serializer, operation, operation.value);
    return (now) => this.#documents.put(operation, data, operation.duration, now);
  }

  /** Adds to `refreshed` the documents that get their time anew. */
  #read(operation: ResolvedOperation, now: number, refreshed: StoredDocument[]): OperationResult {
    switch (operation.kind) {
      case "get": {
        const document = this.#documents.get(operation, now);
        if (document === undefined) return null;
        if (operation.refresh) refreshed.push(document);
        return this.#item(document);
      }
      case "search": {
        const found = this.#search(operation, now);
        if (operation.refresh) refreshed.push(...found.map(({ document }) => document));
        return found.map(({ item }) => item);
      }
      case "list":
        return listNamespaces(this.#documents.namespaces(commonPrefix(operation.conditions), now), operation);
      default:
        return undefined;
    }
  }

  #search({ prefix, matches, filter, limit, offset, query }: ResolvedSearch, now: number): Found[] {
    if (query !== undefined) throw withoutIndex("SqliteStore");
    if (limit === 0) return [];
    if (matches === undefined) {
      return this.#documents.page(prefix, now, limit, offset).map((document) => ({ document, item: this.#item(document) }));
    }
    const texts = this.#isReadable ? requiredTexts(filter) : [];
    const found: Found[] = [];
    for (const document of this.#documents.candidates(prefix, now, texts, offset + limit)) {
      const item = this.#item(document);
      if (!matches(item.value)) continue;
      found.push({ document, item });
      if (found.length >= offset + limit) break;
    }
    return found.slice(offset);
  }

  #item(document: StoredDocument): Item {
    const { namespace, key, created, updated, data } = document;
    const value = decodeDocument(this.#serializer, document, data);
    return { value, key, namespace: [...namespace], createdAt: new Date(created), updatedAt: new Date(updated) };
  }

  /** Only where something expires, so that reading what is kept for ever does not write. */
  #refresh(documents: readonly StoredDocument[], now: number): void {
    const expiring = documents.filter(({ duration }) => duration !== null);
    if (expiring.length === 0) return;
    this.#connection.write(() => {
      for (const document of expiring) this.#documents.refresh(document, now);
    });
  }
}

interface Found {
  readonly document: StoredDocument;
  readonly item: Item;
}

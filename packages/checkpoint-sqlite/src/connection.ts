import { CheckpointError } from "@holdpoint/checkpoint";
import { DatabaseFile } from "./database-file.js";
import type { SqliteHandle, SqliteStatement, SqliteValue } from "./sqlite-handle.js";
import { SQL } from "./statements.js";
import { guarded } from "./storage-error.js";
import { type Change, WriteQueue } from "./write-queue.js";

/** One open database: its statements, prepared once, transactions, and changes that share one. Throws CheckpointErrors only. */
export class Connection {
  readonly #statements = new Map<string, SqliteStatement>();
  readonly #queue = new WriteQueue((run) => this.#transaction(SQL.beginWrite, run));
  readonly #takesLists: boolean;
  #handle: SqliteHandle | undefined;
  #file: DatabaseFile | undefined;
  #inTransaction = false;
  #transactions = 0;
  /** A transaction of ours that could be neither committed nor rolled back: what it did counts for nothing, and must not be read. */
  #isLeftOpen = false;

  /** @param owner what its user knows it by, for messages */
  constructor(
    handle: SqliteHandle,
    private readonly owner = "SqliteSaver",
  ) {
    if (typeof handle?.prepare !== "function" || typeof handle.exec !== "function")
      throw new CheckpointError(
        "INVALID_ARGUMENT",
        `${owner} takes an open database of better-sqlite3, node:sqlite or libsql, or a path: ${owner}.fromConnString(path).`,
      );
    this.#handle = handle;
    this.#takesLists = guarded(() => takesLists(handle));
  }

  /** From now on, changes fail where the database's file has been removed or replaced. To be called once the file is there. */
  watchFile(): void {
    this.#file = DatabaseFile.at(this.get<{ file: string | null }>(SQL.readFile)?.file ?? undefined);
  }

  /** Hands in a change that may share a transaction with others. @returns what it returned, once it is committed; see {@link WriteQueue} */
  change<T>(change: Change<T>): Promise<T> {
    return this.#queue.add(change);
  }

  /** A number that no other transaction of this connection has. */
  get transaction(): number {
    return this.#transactions;
  }

  run(sql: string, ...values: SqliteValue[]): { changes: number; lastId: number } {
    this.#commitWaiting();
    const { changes, lastInsertRowid } = guarded(() => this.#statement(sql).run(...this.#bound(values)));
    return { changes: Number(changes), lastId: Number(lastInsertRowid) };
  }

  /**
   * Runs one statement as a transaction of its own; undefined where that is not certain to be one, and nothing was done.
   * Whatever its values, with nulls in their place it must change nothing.
   */
  runAlone(sql: string, ...values: SqliteValue[]): { changes: number; lastId: number } | undefined {
    const handle = this.#open();
    if (this.#isLeftOpen) this.#endLeftOpen();
    // Within a transaction of the handle's owner it would be committed when he likes.
    if (handle.inTransaction !== false && handle.isTransaction !== false) return undefined;
    this.#file?.check();
    try {
      return this.run(sql, ...values);
    } catch (error) {
      if (CheckpointError.is(error, "STORAGE_BUSY")) this.#leave(handle, sql, values.length);
      throw error;
    }
  }

  /** With libsql, a statement that met a lock stays under way, and with it the state of the database that it saw. Interrupted, it ends. */
  #leave(handle: SqliteHandle, sql: string, count: number): void {
    if (handle.interrupt === undefined) return;
    handle.interrupt();
    try {
      this.#statement(sql).get(...new Array<null>(count).fill(null));
    } catch {
      // That it was interrupted.
    }
  }

  get<Row>(sql: string, ...values: SqliteValue[]): Row | undefined {
    this.#commitWaiting();
    return (guarded(() => this.#statement(sql).get(...this.#bound(values))) ?? undefined) as Row | undefined;
  }

  all<Row>(sql: string, ...values: SqliteValue[]): Row[] {
    this.#commitWaiting();
    return withBytes(guarded(() => this.#statement(sql).all(...this.#bound(values))) as Record<string, unknown>[]) as Row[];
  }

  exec(sql: string): void {
    this.#commitWaiting();
    guarded(() => this.#open().exec(sql));
  }

  /** Runs all of it or nothing, as the only writer. */
  write<T>(run: () => T): T {
    this.#commitWaiting();
    return this.#transaction(SQL.beginWrite, run);
  }

  /** Reads one state of the database, whatever others write meanwhile. */
  read<T>(run: () => T): T {
    this.#commitWaiting();
    return this.#transaction(SQL.begin, run);
  }

  close(): void {
    // Closing ends a transaction too.
    if (this.#isLeftOpen) this.#rollback();
    this.#isLeftOpen = false;
    this.#commitWaiting();
    const handle = this.#handle;
    this.#handle = undefined;
    this.#statements.clear();
    if (handle !== undefined) guarded(() => handle.close());
  }

  /** The values as one list, where the driver takes that: libsql goes through them one by one otherwise, which costs a microsecond. */
  #bound(values: SqliteValue[]): SqliteValue[] {
    return this.#takesLists ? ([values] as unknown as SqliteValue[]) : values;
  }

  /** Whoever reads or writes by itself finds what was handed in before. */
  #commitWaiting(): void {
    if (this.#inTransaction) return;
    if (this.#isLeftOpen) this.#endLeftOpen();
    this.#queue.flush();
  }

  #transaction<T>(begin: string, run: () => T): T {
    // As text: a prepared statement that failed (the database was locked) stays under way in some drivers, and nothing could be committed after it.
    if (begin === SQL.beginWrite) this.#file?.check();
    if (this.#isLeftOpen) this.#endLeftOpen();
    guarded(() => this.#open().exec(begin));
    this.#inTransaction = true;
    this.#transactions++;
    try {
      const result = run();
      guarded(() => this.#open().exec(SQL.commit));
      return result;
    } catch (error) {
      this.#rollback();
      throw error;
    } finally {
      this.#inTransaction = false;
    }
  }

  /** Some errors (disk full) end the transaction by themselves; then there is none to roll back. */
  #rollback(): void {
    try {
      guarded(() => this.#open().exec(SQL.rollback));
      this.#isLeftOpen = false;
    } catch {
      // The error that led here is the one to tell.
      const { inTransaction, isTransaction } = this.#handle ?? {};
      this.#isLeftOpen = inTransaction === true || isTransaction === true;
    }
  }

  #endLeftOpen(): void {
    guarded(() => this.#open().exec(SQL.rollback));
    this.#isLeftOpen = false;
  }

  #statement(sql: string): SqliteStatement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#open().prepare(sql);
    // A handle that was handed to us may be set to return integers as bigints.
    statement.safeIntegers?.(false);
    statement.setReadBigInts?.(false);
    this.#statements.set(sql, statement);
    return statement;
  }

  #open(): SqliteHandle {
    if (this.#handle !== undefined) return this.#handle;
    throw new CheckpointError("STORAGE_CLOSED", `This ${this.owner} was closed. Open a new one.`);
  }
}

/** Whether the driver takes the values of a statement as one list: libsql and better-sqlite3 do, `node:sqlite` does not. */
function takesLists(handle: SqliteHandle): boolean {
  const statement = handle.prepare("SELECT ? AS first, ? AS second");
  try {
    const row = statement.get([1, 2] as unknown as SqliteValue) as { first?: unknown; second?: unknown } | undefined;
    return Number(row?.first) === 1 && Number(row?.second) === 2;
  } catch {
    return false;
  }
}

/** From `all`, libsql returns bytes as the buffers that hold them; every other driver, and its own `get`, as a view. */
function withBytes(rows: Record<string, unknown>[]): unknown[] {
  for (const row of rows) {
    for (const column in row) {
      const value = row[column];
      if (value instanceof ArrayBuffer) row[column] = new Uint8Array(value);
    }
  }
  return rows;
}

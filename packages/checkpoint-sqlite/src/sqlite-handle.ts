export type SqliteValue = string | number | Uint8Array | null;

/** A prepared statement, as better-sqlite3, `node:sqlite` and libsql have it. */
export interface SqliteStatement {
  run(...values: SqliteValue[]): { readonly changes: number | bigint; readonly lastInsertRowid: number | bigint };
  get(...values: SqliteValue[]): unknown;
  all(...values: SqliteValue[]): unknown[];
  safeIntegers?(on: boolean): unknown;
  setReadBigInts?(on: boolean): unknown;
}

/** An open database: better-sqlite3's `Database`, `DatabaseSync` of `node:sqlite`, or libsql's `Database`. */
export interface SqliteHandle {
  prepare(sql: string): SqliteStatement;
  exec(sql: string): unknown;
  close(): unknown;
  /** Whether a transaction is open: in better-sqlite3 and libsql, and in `node:sqlite`. */
  readonly inTransaction?: boolean;
  readonly isTransaction?: boolean;
  /** libsql: stops the statements that are under way. */
  interrupt?(): unknown;
}

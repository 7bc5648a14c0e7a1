import { createRequire } from "node:module";
import type { SqliteHandle, SqliteStatement, SqliteValue } from "@holdpoint/checkpoint-sqlite";

const builtIn = process.getBuiltinModule?.("node:sqlite" as "fs") as { DatabaseSync?: unknown } | undefined;
const installed = () => createRequire(new URL("../../../checkpoint-sqlite/package.json", import.meta.url))("libsql") as unknown;
/** The driver that savers take here: two drivers in one process do not see each other's locks. */
export const Database = (builtIn?.DatabaseSync ?? installed()) as new (path: string) => SqliteHandle;

/** Which statements fail: so many from the nth on, each before or after it has had its effect. */
export interface Fault {
  readonly at: number;
  readonly count: number;
  readonly when: "before" | "after";
}

/** A database in memory whose statements fail as a full or failing disk makes them. */
export function failingHandle() {
  const database = new Database(":memory:");
  let statements = 0;
  let failed = 0;
  let fault: Fault | undefined;
  const guarded = <Result>(sql: string, run: () => Result): Result => {
    const number = statements++;
    if (fault === undefined || number < fault.at || failed >= fault.count) return run();
    failed++;
    // A transaction that was not begun is not there.
    if (fault.when === "after" && !sql.startsWith("BEGIN")) run();
    throw Object.assign(new Error("disk I/O error"), { code: "SQLITE_IOERR", rawCode: 10, errcode: 10 });
  };
  const prepare = (sql: string): SqliteStatement => {
    const statement = database.prepare(sql);
    return {
      run: (...values: SqliteValue[]) => guarded(sql, () => statement.run(...values)),
      get: (...values: SqliteValue[]) => guarded(sql, () => statement.get(...values)),
      all: (...values: SqliteValue[]) => guarded(sql, () => statement.all(...values)),
      safeIntegers: (on) => statement.safeIntegers?.(on),
      setReadBigInts: (on) => statement.setReadBigInts?.(on),
    };
  };
  const handle: SqliteHandle = {
    prepare,
    exec: (sql) => guarded(sql, () => database.exec(sql)),
    close: () => database.close(),
    get inTransaction() {
      return database.inTransaction ?? database.isTransaction ?? false;
    },
  };
  return {
    handle,
    /** From now on. */
    fail(next: Fault): void {
      statements = 0;
      failed = 0;
      fault = next;
    },
    /** How many statements have failed. */
    get failed() {
      return failed;
    },
  };
}

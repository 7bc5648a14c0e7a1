import { mkdtempSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const Database = createRequire(import.meta.url)("libsql");

/** A new database file with the settings that `SqliteSaver.fromConnString` of ours chooses: every contender gets the same. */
export function openDatabaseFile() {
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-bench-"));
  const path = join(folder, "threads.db");
  const database = new Database(path);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  return {
    database,
    /** Bytes of the database, with its log written back. */
    bytes() {
      database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      return statSync(path).size;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

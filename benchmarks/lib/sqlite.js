import { mkdtempSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SqliteSaver } from "@holdpoint/checkpoint-sqlite";

const Database = createRequire(import.meta.url)("libsql");

/** Bytes of the database, with its log written back. */
function bytesOf(database, path) {
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  return statSync(path).size;
}

function temporaryFile() {
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-bench-"));
  return { path: join(folder, "threads.db"), remove: () => rmSync(folder, { recursive: true }) };
}

/** Our saver on a new file, set up as `SqliteSaver.fromConnString` does. */
export function openSqlite() {
  const { path, remove } = temporaryFile();
  const database = new Database(path);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  const saver = new SqliteSaver(database);
  return {
    saver,
    bytes: () => bytesOf(database, path),
    close() {
      saver.close();
      remove();
    },
  };
}

/** An append-only table, one commit a step: the least that keeps each step. */
export function handWrittenSqlite() {
  const { path, remove } = temporaryFile();
  const database = new Database(path);
  database.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE steps (id INTEGER PRIMARY KEY, change TEXT NOT NULL)",
  );
  const insert = database.prepare("INSERT INTO steps (change) VALUES (?)");
  return {
    append: async (change) => void insert.run(JSON.stringify(change)),
    bytes: () => bytesOf(database, path),
    close() {
      database.close();
      remove();
    },
  };
}

import { mkdtempSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SqliteSaver } from "@holdpoint/checkpoint-sqlite";

const Database = createRequire(import.meta.url)("libsql");

const bytesOf = (path) => ["", "-wal"].reduce((sum, end) => sum + (statSync(path + end, { throwIfNoEntry: false })?.size ?? 0), 0);

function temporaryFile() {
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-bench-"));
  return { path: join(folder, "threads.db"), remove: () => rmSync(folder, { recursive: true }) };
}

/** Our saver on a new file. `bytes` counts the file and its log. */
export function openSqlite() {
  const { path, remove } = temporaryFile();
  const saver = SqliteSaver.fromConnString(path);
  return {
    saver,
    bytes: () => bytesOf(path),
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
    bytes: () => bytesOf(path),
    close() {
      database.close();
      remove();
    },
  };
}

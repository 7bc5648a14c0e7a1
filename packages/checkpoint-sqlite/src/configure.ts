import { CheckpointError } from "@holdpoint/checkpoint";
import { Connection } from "./connection.js";
import type { SqliteHandle } from "./sqlite-handle.js";
import { SQL } from "./statements.js";
import { guarded } from "./storage-error.js";

export interface ConnectionSettings {
  readonly busyTimeout: number;
  readonly synchronous: "normal" | "full";
}

/** Sets up a handle that we opened. One that was handed to us keeps its own settings. */
export function configure(handle: SqliteHandle, { busyTimeout, synchronous }: ConnectionSettings): void {
  if (!Number.isFinite(busyTimeout) || busyTimeout < 0) {
    throw new CheckpointError("INVALID_ARGUMENT", `busyTimeout must be a number of milliseconds from 0 on.`);
  }
  if (synchronous !== "normal" && synchronous !== "full")
    throw new CheckpointError("INVALID_ARGUMENT", `synchronous must be "normal" or "full".`);
  // Before any other statement: even one that names no table reads the schema, and node:sqlite waits for nobody by itself.
  guarded(() => handle.prepare(SQL.setBusyTimeout(busyTimeout)).all());
  const connection = new Connection(handle);
  connection.exec(SQL.setPageSize);
  useWriteAheadLog(connection, Date.now() + busyTimeout);
  connection.exec(SQL.setSynchronous(synchronous));
  connection.all(SQL.setLogSize);
}

/** Changing the journal mode needs the file for a moment alone, and does not wait for it by itself. */
function useWriteAheadLog(connection: Connection, deadline: number): void {
  for (;;) {
    if (journalMode(connection) !== "delete") return;
    try {
      connection.all(SQL.setWriteAheadLog);
      return;
    } catch (error) {
      if (!CheckpointError.is(error, "STORAGE_BUSY") || Date.now() >= deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function journalMode(connection: Connection): unknown {
  return connection.get<{ journal_mode: unknown }>(SQL.readJournalMode)?.journal_mode;
}

import { CheckpointError } from "@holdpoint/checkpoint";

const BUSY = 5;
const LOCKED = 6;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

/** Runs database calls; what a driver throws becomes a CheckpointError. */
export function guarded<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw CheckpointError.is(error) ? error : storageError(error);
  }
}

export function storageError(cause: unknown): CheckpointError {
  const message = cause instanceof Error ? cause.message : String(cause);
  switch (primaryCode(cause)) {
    case BUSY:
    case LOCKED:
      return new CheckpointError(
        "STORAGE_BUSY",
        `Another connection held the database for too long (${message}). Nothing was saved: try again, or raise busyTimeout.`,
        {
          cause,
          retryable: true,
        },
      );
    case CORRUPT:
    case NOT_A_DATABASE:
      return new CheckpointError("CORRUPT_DATA", `The database file is damaged, or is not a SQLite database (${message}).`, { cause });
    default:
      return isClosed(message)
        ? new CheckpointError("STORAGE_CLOSED", "The database was closed. Open a new saver.", { cause })
        : new CheckpointError("STORAGE_FAILED", `The database failed: ${message}.`, { cause });
  }
}

const NAMES: ReadonlyMap<string, number> = new Map([
  ["SQLITE_BUSY", BUSY],
  ["SQLITE_LOCKED", LOCKED],
  ["SQLITE_CORRUPT", CORRUPT],
  ["SQLITE_NOTADB", NOT_A_DATABASE],
]);

/** libsql has `rawCode`, node:sqlite `errcode`, better-sqlite3 a name that may be an extended one. */
function primaryCode(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { rawCode, errcode, code } = error as { rawCode?: unknown; errcode?: unknown; code?: unknown };
  if (typeof rawCode === "number") return rawCode & 0xff;
  if (typeof errcode === "number") return errcode & 0xff;
  if (typeof code !== "string") return undefined;
  return NAMES.get(code.split("_").slice(0, 2).join("_"));
}

function isClosed(message: string): boolean {
  return /not open|is closed/i.test(message);
}

import { CheckpointError } from "@holdpoint/checkpoint";

// A message of the database may hold values (class 22), and one about a connection what stands in a connection string, which may be a part of a
// password that was not escaped. Those are told by their code; details, which name keys and whole rows, are never passed on.

const BUSY = new Map([
  ["40001", "it could not be done at the same time as others"],
  ["40P01", "it and others waited for each other"],
  ["53300", "the server has no connection left"],
  ["55P03", "others had it for too long"],
  ["57014", "it took longer than the time that is set for a statement"],
]);
const REFUSED = new Map([
  ["28P01", "the user or the password is wrong"],
  ["28000", "this user may not connect in this way"],
  ["3D000", "there is no database of this name"],
  ["3F000", "its schema is not there"],
  ["42P01", "a table is not there; was the schema removed while this process was using it?"],
]);
/** Of the connection, of what the server lacks at the moment, of a server that stops, starts, or became a standby. */
const PASSING = /^(08...|53...|57P0[1235]|25P0[34]|25006|58...)$/;
const NETWORK = /^(E[A-Z]+|EAI_[A-Z]+)$/;
const TOO_LONG = "54000";

/** Turns what a driver threw into a CheckpointError. */
export function storageError(error: unknown): CheckpointError {
  if (CheckpointError.is(error)) return error;
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const cause = causeOf(code, message);
  if (code === undefined) return ofDriver(message, cause);
  const busy = BUSY.get(code);
  if (busy !== undefined) {
    return new CheckpointError("STORAGE_BUSY", `The database did not get to it: ${busy} (${code}). Nothing was saved: try again.`, {
      cause,
      retryable: true,
    });
  }
  if (PASSING.test(code) || NETWORK.test(code)) return lost(`the connection failed, or the server cannot work now (${code})`, cause);
  if (code === TOO_LONG) {
    return new CheckpointError(
      "INVALID_ARGUMENT",
      `An id of a thread, a namespace, a key, a task or an interrupt, or a name, is too long to be kept in an index of PostgreSQL (${code}). About 2,500 bytes fit.`,
      { cause },
    );
  }
  if (code === "XX001" || code === "XX002") return new CheckpointError("CORRUPT_DATA", `The database is damaged (${code}).`, { cause });
  const fact = REFUSED.get(code) ?? (isTellable(code) ? message : "it refused the statement");
  return new CheckpointError("STORAGE_FAILED", `The database failed: ${fact} (${code}).`, { cause });
}

/**
 * Whether one of several changes of a transaction may have been the reason, or that they were so many: what it held, or whom it met. Not where the
 * storage fails: each of them would meet the same.
 */
export function mayBeOfOne(error: unknown): boolean {
  if (!CheckpointError.is(error)) return true;
  const code = codeOf(error.cause);
  if (code === undefined) return error.retryable !== true && error.code !== "STORAGE_CLOSED";
  return /^(22|23|40|54|P0|XX)|^57014$/.test(code);
}

/** Errors of pg and its pool that have no code are known by their words. */
function ofDriver(message: string, cause: Error): CheckpointError {
  if (/after calling end/i.test(message)) return closed(cause);
  if (/timeout exceeded when trying to connect|timeout expired|query read timeout/i.test(message)) {
    return new CheckpointError(
      "STORAGE_BUSY",
      "No connection was free in time, or the server did not answer in time. Nothing is known to be saved: try again, or allow the pool more connections.",
      { cause, retryable: true },
    );
  }
  if (/connection|not queryable|terminated|socket|closed/i.test(message)) return lost("the connection was lost", cause);
  return new CheckpointError("STORAGE_FAILED", "The database driver failed.", { cause });
}

function lost(fact: string, cause: Error): CheckpointError {
  return new CheckpointError(
    "STORAGE_FAILED",
    `The database cannot be reached: ${fact}. What was acknowledged is saved; whether this call was, is not known. Repeat it.`,
    { cause, retryable: true },
  );
}

export function closed(cause?: Error): CheckpointError {
  return new CheckpointError(
    "STORAGE_CLOSED",
    "This PostgresSaver or PostgresStore, or its pool, was closed. Open a new one.",
    cause === undefined ? {} : { cause },
  );
}

/** What may be printed of the error: its code, and its words where these hold nothing of anyone's. */
function causeOf(code: string | undefined, message: string): Error {
  const cause = new Error(code === undefined || isTellable(code) ? message : `PostgreSQL, or the way to it, failed with ${code}.`);
  return Object.assign(cause, code === undefined ? {} : { code });
}

/** Access rule violations, missing tables, resources, and what our own functions raise. */
function isTellable(code: string): boolean {
  return /^(42|53|54|55|57|0A|P0|XX|25)/.test(code);
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { code } = error as { code?: unknown };
  return typeof code === "string" && code !== "" ? code : undefined;
}

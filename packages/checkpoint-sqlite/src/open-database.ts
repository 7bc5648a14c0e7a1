import { createRequire } from "node:module";
import { CheckpointError } from "@holdpoint/checkpoint";
import type { SqliteHandle } from "./sqlite-handle.js";

type OpenHandle = new (path: string) => SqliteHandle;

/**
 * Opens a database file with the first driver there is: `node:sqlite` of the runtime, an installed `libsql`, an installed `better-sqlite3`.
 * @throws CheckpointError MISSING_DRIVER if there is none, STORAGE_FAILED if the file cannot be opened, INVALID_ARGUMENT.
 */
export function openDatabase(path: string): SqliteHandle {
  if (typeof path !== "string" || path === "")
    throw new CheckpointError("INVALID_ARGUMENT", 'A database is opened by its path, such as "threads.db", or as ":memory:".');
  const Driver = loadDriver();
  try {
    return new Driver(path);
  } catch (cause) {
    throw new CheckpointError(
      "STORAGE_FAILED",
      `The database ${JSON.stringify(path)} cannot be opened: ${reason(cause)}. Its folder must exist and be writable.`,
      {
        cause,
      },
    );
  }
}

function loadDriver(): OpenHandle {
  const driver = builtIn() ?? installed("libsql") ?? installed("better-sqlite3");
  if (driver !== undefined) return driver;
  throw new CheckpointError(
    "MISSING_DRIVER",
    `This Node.js (${process.version}) has no built-in SQLite, and no driver is installed. Run: npm install libsql`,
  );
}

/** Node.js has it from 22.13 on; before that, and in other runtimes, the module is unknown. */
function builtIn(): OpenHandle | undefined {
  const load = process.getBuiltinModule as ((id: string) => unknown) | undefined;
  if (load === undefined) return undefined;
  const sqlite = withoutExperimentalWarning(() => load("node:sqlite")) as { DatabaseSync?: OpenHandle } | undefined;
  return sqlite?.DatabaseSync;
}

/** Loads a module without the notice that it is experimental: the user of a saver has not chosen it, and can do nothing about it. */
function withoutExperimentalWarning<T>(load: () => T): T {
  const { emitWarning } = process;
  const isNotice = (rest: unknown[]) => rest[0] === "ExperimentalWarning";
  process.emitWarning = ((warning: string, ...rest: never[]) => {
    if (!isNotice(rest)) emitWarning.call(process, warning, ...rest);
  }) as typeof process.emitWarning;
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}

function installed(name: string): OpenHandle | undefined {
  const require = createRequire(import.meta.url);
  try {
    return require(name) as OpenHandle;
  } catch (error) {
    if (isMissing(error, name)) return undefined;
    throw new CheckpointError(
      "MISSING_DRIVER",
      `The SQLite driver ${name} is installed but does not load: ${reason(error)}. Run: npm install libsql`,
      {
        cause: error,
      },
    );
  }
}

function isMissing(error: unknown, name: string): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === "MODULE_NOT_FOUND" && error.message.includes(`'${name}'`);
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

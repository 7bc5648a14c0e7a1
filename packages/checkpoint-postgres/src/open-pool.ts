import { createRequire } from "node:module";
import { CheckpointError } from "@holdpoint/checkpoint";
import { checkTime } from "./check-time.js";
import type { PostgresListener, PostgresPool } from "./postgres-pool.js";

/** What is passed on to `pg`. */
export interface PoolSettings {
  readonly connectionString: string;
  readonly max: number;
  readonly connectionTimeoutMillis: number;
  readonly keepAlive: boolean;
  readonly application_name: string;
}

/** What a connection string does not say of its pool. */
export interface PoolOptions {
  /** Connections at once, at most. Default 10. */
  readonly max?: number;
  /** Milliseconds to wait for a connection. Default 10,000. */
  readonly connectTimeout?: number;
}

interface Driver {
  readonly Pool: new (settings: PoolSettings) => PostgresPool;
  readonly Client: new (settings: PoolSettings) => unknown;
}

/**
 * Makes the pool of a saver or store that was given a connection string.
 * @throws CheckpointError MISSING_DRIVER if `pg` is not installed, INVALID_ARGUMENT if the string or an option cannot be used
 */
export function poolFor(connectionString: string, { max = 10, connectTimeout = 10_000 }: PoolOptions): PostgresPool {
  if (!Number.isInteger(max) || max < 1) throw new CheckpointError("INVALID_ARGUMENT", `max must be a whole number from 1 on.`);
  const connectionTimeoutMillis = checkTime("connectTimeout", connectTimeout);
  return openPool({ connectionString, max, connectionTimeoutMillis, keepAlive: true, application_name: "holdpoint" });
}

/**
 * Makes a pool of `pg` for a connection string. Connects to nothing yet.
 * @throws CheckpointError MISSING_DRIVER if `pg` is not installed, INVALID_ARGUMENT if the string is none.
 */
export function openPool(settings: PoolSettings): PostgresPool {
  const { Client, Pool } = loadDriver();
  if (typeof settings.connectionString !== "string") throw invalid();
  if (!/^(postgres(ql)?|socket):|^\//.test(settings.connectionString)) throw invalid();
  try {
    // A pool reads the string when it connects; a client, at once.
    new Client(settings);
    return new Pool(settings);
  } catch {
    // What is wrong with it is not passed on: it would show the string, and in it a password.
    throw invalid();
  }
}

/** Makes a connection beside those of a pool, to the same database. Undefined if the pool does not tell how. */
export function openListener(pool: PostgresPool): PostgresListener | undefined {
  const { Client, options } = pool as { Client?: new (options: unknown) => PostgresListener; options?: unknown };
  return Client === undefined ? undefined : new Client(options);
}

function loadDriver(): Driver {
  try {
    return createRequire(import.meta.url)("pg") as Driver;
  } catch (cause) {
    throw new CheckpointError("MISSING_DRIVER", "The PostgreSQL driver is not installed, or does not load. Run: npm install pg", { cause });
  }
}

function invalid(): CheckpointError {
  return new CheckpointError(
    "INVALID_ARGUMENT",
    "The connection string cannot be read. It looks like postgres://user:password@host:5432/database, and what it holds must be escaped as in a URL (encodeURIComponent).",
  );
}

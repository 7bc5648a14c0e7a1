import { type Checkpoint, CheckpointError, checkpointId } from "@holdpoint/checkpoint";
import type pg from "pg";
import type { PostgresPool } from "../src/index.js";

export const THREAD = { configurable: { thread_id: "t" } };
export const META = { source: "loop", step: 0, parents: {} } as const;

export function checkpoint(values: Record<string, unknown> = {}, parent?: Checkpoint): Checkpoint {
  const id = checkpointId(parent?.id);
  return {
    v: 4,
    id,
    ts: new Date().toISOString(),
    channel_values: { ...parent?.channel_values, ...values },
    channel_versions: { ...parent?.channel_versions, ...Object.fromEntries(Object.keys(values).map((key) => [key, id])) },
    versions_seen: {},
  };
}

/** Code of the error that a promise is rejected with. */
export async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  const error = await failureOf(promise);
  return CheckpointError.is(error) ? error.code : error;
}

export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** A pool that counts what is sent through it, and how often it lends a connection. */
export function countingPool(pool: pg.Pool): { readonly pool: PostgresPool; readonly sent: string[]; readonly lent: { count: number } } {
  const sent: string[] = [];
  const lent = { count: 0 };
  const counting: PostgresPool = {
    get waitingCount() {
      return pool.waitingCount;
    },
    connect: async () => {
      lent.count += 1;
      const client = await pool.connect();
      return {
        query: (query) => {
          sent.push(query.text);
          return client.query(query);
        },
        on: (event, listener) => client.on(event, listener),
        removeListener: (event, listener) => client.removeListener(event, listener),
        release: (destroy) => client.release(destroy),
      };
    },
    end: () => pool.end(),
    on: (event: string, listener: (detail: never) => void) => pool.on(event as "error", listener as (error: Error) => void),
  };
  return { pool: counting, sent, lent };
}

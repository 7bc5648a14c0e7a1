import { existsSync } from "node:fs";
import { register } from "node:module";

const HELPER = new URL("../../../packages/checkpoint-postgres/test/postgres-server.ts", import.meta.url);
let starting;

/** Tells why there is no PostgreSQL to measure on; undefined where there is. */
export function missingPostgres() {
  return process.env.BENCH_POSTGRES === undefined && !existsSync(HELPER) ? "packages/checkpoint-postgres is not there" : undefined;
}

/**
 * Gives the URL of a PostgreSQL server: that of BENCH_POSTGRES, or one of this process, which ends with it. Its commits wait for the disk.
 */
export function postgresUrl() {
  starting ??= process.env.BENCH_POSTGRES ?? startServer();
  return starting;
}

async function startServer() {
  register("./typescript-hooks.js", import.meta.url);
  const { PostgresServer } = await import(HELPER.href);
  const { url } = await PostgresServer.create({ fsync: true });
  return url;
}

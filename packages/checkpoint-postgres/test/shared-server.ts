import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PostgresServer } from "./postgres-server.js";

/** Vitest runs each test file in a process of its own, below one that lasts for the whole run. */
const run = process.ppid;
const place = join(tmpdir(), `holdpoint-postgres-of-${run}`);
let schemas = 0;

/**
 * The server that all test files of a run share. The first that wants it starts it; it ends with the run. It does not wait for the disk: tests that
 * take the server down have one of their own.
 * @returns its URL
 */
export async function sharedServer(): Promise<string> {
  const file = join(place, "url");
  if (isFirst()) {
    try {
      const { url } = await PostgresServer.create({ fsync: false, owner: run, place });
      writeFileSync(`${file}.new`, url);
      renameSync(`${file}.new`, file);
    } catch (error) {
      writeFileSync(join(place, "failed"), String(error));
      throw error;
    }
  }
  for (let tries = 0; !existsSync(file); tries++) {
    const failed = join(place, "failed");
    if (existsSync(failed)) throw new Error(readFileSync(failed, "utf8"));
    if (tries > 2000) throw new Error("Another test file has not started PostgreSQL within 100 seconds.");
    await sleep(50);
  }
  return readFileSync(file, "utf8");
}

/** A schema that nobody else uses. */
export function newSchema(): string {
  schemas += 1;
  return `test_${process.pid}_${schemas}`;
}

function isFirst(): boolean {
  try {
    mkdirSync(place);
    return true;
  } catch {
    return false;
  }
}

import { createRequire } from "node:module";
import type { SqliteHandle } from "../src/index.js";

// The driver that fromConnString takes here: two drivers in one process do not see each other's locks.
const builtIn = process.getBuiltinModule?.("node:sqlite" as "fs") as { DatabaseSync?: unknown } | undefined;
const Database = (builtIn?.DatabaseSync ?? createRequire(import.meta.url)("libsql")) as new (path: string) => SqliteHandle;

/** Opens a file beside the savers, to look at what they saved. */
export function openHandle(path: string): SqliteHandle {
  return new Database(path);
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SqliteSaver } from "@holdpoint/checkpoint-sqlite";
import { type CheckpointSaver, MemorySaver } from "@holdpoint/core";
import { onTestFinished } from "vitest";

/** Storage of one test. */
export interface Storage {
  readonly saver: CheckpointSaver;
  /** A saver as another process would open it on the same storage; the same one where storage lives in this process only. */
  reopen(): CheckpointSaver;
}

/** Opens a new database file for the test that calls it, and removes it afterwards. */
export function openFile(): Storage & { readonly path: string } {
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-prebuilt-"));
  const path = join(folder, "threads.db");
  const savers: SqliteSaver[] = [];
  const reopen = () => {
    const saver = SqliteSaver.fromConnString(path);
    savers.push(saver);
    return saver;
  };
  onTestFinished(() => {
    for (const saver of savers) saver.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { saver: reopen(), reopen, path };
}

function openMemory(): Storage {
  const saver = new MemorySaver();
  return { saver, reopen: () => saver };
}

/** `describe.each(eachSaver)("… on $name", ({ open }) => …)`: every case runs in memory and on a real file. */
export const eachSaver: readonly { readonly name: string; readonly open: () => Storage }[] = [
  { name: "MemorySaver", open: openMemory },
  { name: "a SQLite file", open: openFile },
];

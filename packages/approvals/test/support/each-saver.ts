import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SqliteSaver } from "@holdpoint/checkpoint-sqlite";
import { type CheckpointSaver, MemorySaver } from "@holdpoint/core";
import { onTestFinished } from "vitest";

/** A path in a folder of the test that calls it, removed afterwards. */
export function newFile(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-approvals-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, name);
}

function openFile(): CheckpointSaver {
  const path = newFile("threads.db");
  const saver = SqliteSaver.fromConnString(path);
  onTestFinished(() => saver.close());
  return saver;
}

/** `describe.each(eachSaver)("… on $name", ({ open }) => …)`: every case runs in memory and on a real file. */
export const eachSaver: readonly { readonly name: string; readonly open: () => CheckpointSaver }[] = [
  { name: "MemorySaver", open: () => new MemorySaver() },
  { name: "a SQLite file", open: openFile },
];

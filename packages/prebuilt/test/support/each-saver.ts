import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SqliteSaver } from "@holdpoint/checkpoint-sqlite";
import { type CheckpointSaver, MemorySaver } from "@holdpoint/core";
import { MemorySaver as PeerMemorySaver } from "@langchain/langgraph-checkpoint";
import { SqliteSaver as PeerSqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { onTestFinished } from "vitest";

/** Storage of one test. */
export interface Storage {
  readonly saver: CheckpointSaver;
  /** A saver as another process would open it on the same storage; the same one where storage lives in this process only. */
  reopen(): CheckpointSaver;
}

/** Storage in a new file, which is closed and removed when the test that calls it is over. */
function openPath<Saver>(open: (path: string) => Saver, close: (saver: Saver) => unknown): Storage & { readonly path: string } {
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-prebuilt-"));
  const path = join(folder, "threads.db");
  const savers: Saver[] = [];
  const reopen = () => {
    const saver = open(path);
    savers.push(saver);
    return saver as CheckpointSaver;
  };
  onTestFinished(() => {
    for (const saver of savers) close(saver);
    rmSync(folder, { recursive: true, force: true });
  });
  return { saver: reopen(), reopen, path };
}

/** Opens a new database file for the test that calls it, and removes it afterwards. */
export function openFile(): Storage & { readonly path: string } {
  return openPath(
    (path) => SqliteSaver.fromConnString(path),
    (saver) => saver.close(),
  );
}

function openMemory(saver: CheckpointSaver): Storage {
  return { saver, reopen: () => saver };
}

/** `describe.each(eachSaver)("… on $name", ({ open }) => …)`: every case runs in memory and on a real file, on our savers and on the peer's. */
export const eachSaver: readonly { readonly name: string; readonly open: () => Storage }[] = [
  { name: "MemorySaver", open: () => openMemory(new MemorySaver()) },
  { name: "a SQLite file", open: openFile },
  // The peer's types ask for a whole RunnableConfig.
  { name: "LangGraph's MemorySaver", open: () => openMemory(new PeerMemorySaver() as unknown as CheckpointSaver) },
  {
    name: "LangGraph's SqliteSaver",
    open: () =>
      openPath(
        (path) => PeerSqliteSaver.fromConnString(path),
        (saver) => (saver as unknown as { db: { close(): void } }).db.close(),
      ),
  },
];

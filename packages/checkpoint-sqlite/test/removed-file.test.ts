// A file that is removed or replaced while it is open: saves would go on into a file that no name leads to, and be lost with the process.
import { copyFileSync, renameSync, rmSync } from "node:fs";
import { checkpointId } from "@holdpoint/checkpoint";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SqliteSaver, SqliteStore } from "../src/index.js";
import { newFile } from "./new-file.js";
import { openHandle } from "./open-handle.js";

const THREAD = { configurable: { thread_id: "t", checkpoint_ns: "" } };
const put = (saver: SqliteSaver) => {
  const id = checkpointId();
  return saver.put(
    THREAD,
    { v: 4, id, ts: "", channel_values: { a: 1 }, channel_versions: { a: id }, versions_seen: {} },
    { source: "loop", step: 0, parents: {} },
    {},
  );
};
const lease = () => ({ id: "l", host: "h", pid: process.pid, expiresAt: Date.now() + 60_000 });

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());
const later = () => vi.setSystemTime(Date.now() + 1500);

const gone = { code: "STORAGE_FAILED", retryable: false };

describe.each([
  ["opened by its path", (file: string) => SqliteSaver.fromConnString(file)],
  ["that was handed over", (file: string) => new SqliteSaver(openHandle(file))],
])("a database %s", (_, open) => {
  it("whose file is removed takes no saves any more, of any kind, and can still be read", async () => {
    const file = newFile();
    const saver = open(file);
    const { configurable } = await put(saver);
    rmSync(file);
    later();
    await expect(put(saver)).rejects.toMatchObject({ ...gone, message: expect.stringContaining("removed") });
    // Not only once.
    await expect(put(saver)).rejects.toMatchObject(gone);
    const point = { configurable: { ...THREAD.configurable, ...configurable } };
    await expect(saver.putWrites(point, [["a", 1]], "task")).rejects.toMatchObject(gone);
    const decision = { interruptId: "q", value: 1, at: "", revision: 0 };
    await expect(saver.recordDecisions(point, [decision])).rejects.toMatchObject(gone);
    await expect(saver.acquireLease("t", lease(), Date.now())).rejects.toMatchObject(gone);
    await expect(saver.appendJournal("t", [{ at: "", kind: "note", data: 1 }])).rejects.toMatchObject(gone);
    await expect(saver.deleteThread("t")).rejects.toMatchObject(gone);
    await expect(saver.prune({ keepLast: 0 })).rejects.toMatchObject(gone);
    expect((await saver.getTuple(THREAD))?.checkpoint.channel_values).toEqual({ a: 1 });
    const records = [];
    for await (const record of saver.exportThread("t")) records.push(record);
    const rescue = open(newFile());
    await rescue.importThread("t", records);
    expect((await rescue.getTuple(THREAD))?.checkpoint.channel_values).toEqual({ a: 1 });
  });

  it("whose file is replaced, as by a restored backup, takes none either", async () => {
    const [file, backup] = [newFile(), newFile()];
    const saver = open(file);
    await put(saver);
    copyFileSync(file, backup);
    renameSync(backup, file);
    later();
    await expect(put(saver)).rejects.toMatchObject({ ...gone, message: expect.stringContaining("replaced") });
  });

  it("whose file comes back goes on", async () => {
    const file = newFile();
    const saver = open(file);
    await put(saver);
    renameSync(file, `${file}.moved`);
    later();
    await expect(put(saver)).rejects.toMatchObject(gone);
    renameSync(`${file}.moved`, file);
    await put(saver);
  });

  it("whose file stays is looked at without a word, also when it is compacted and when the clock is set back", async () => {
    const saver = open(newFile());
    for (let n = 0; n < 5; n++) {
      await put(saver);
      if (n === 2) await saver.compact();
      if (n === 3) vi.setSystemTime(Date.now() - 3_600_000);
      later();
    }
  });
});

it("a database in memory has no file", async () => {
  const saver = SqliteSaver.fromConnString(":memory:");
  await put(saver);
  later();
  await put(saver);
});

it("a store's documents are not saved into a removed file", async () => {
  const file = newFile();
  const store = SqliteStore.fromConnString(file);
  await store.put(["a"], "k", { a: 1 });
  rmSync(file);
  later();
  await expect(store.put(["a"], "k", { a: 2 })).rejects.toMatchObject(gone);
  expect((await store.get(["a"], "k"))?.value).toEqual({ a: 1 });
});

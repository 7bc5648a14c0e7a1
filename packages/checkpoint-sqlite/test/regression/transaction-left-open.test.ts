import { CheckpointError, checkpointId } from "@holdpoint/checkpoint";
import { expect, it } from "vitest";
import { SqliteSaver } from "../../src/index.js";
import { openHandle } from "../open-handle.js";

const THREAD = { configurable: { thread_id: "t" } };
const META = { source: "loop", step: 0, parents: {} } as const;

it("a transaction that could be neither committed nor rolled back is over before anything else is read or saved", async () => {
  const database = openHandle(":memory:");
  let failures = 0;
  const exec = database.exec.bind(database);
  database.exec = (sql) => {
    if (failures > 0 && /^(COMMIT|ROLLBACK)/.test(sql)) {
      failures--;
      throw Object.assign(new Error("disk I/O error"), { code: "SQLITE_IOERR", rawCode: 10, errcode: 10 });
    }
    return exec(sql);
  };
  const saver = new SqliteSaver(database);
  const id = checkpointId();
  const one = { v: 4, id, ts: "", channel_values: { a: 1 }, channel_versions: { a: id }, versions_seen: {} };
  failures = 2;
  const error = await saver.put(THREAD, one, META, { a: id }).catch((thrown: unknown) => thrown);
  expect(CheckpointError.is(error, "STORAGE_FAILED") && error.message).toContain("disk I/O error");
  expect(await saver.getTuple(THREAD)).toBeUndefined();
  await saver.put(THREAD, one, META, { a: id });
  expect((await saver.getTuple(THREAD))?.checkpoint.channel_values).toEqual({ a: 1 });
  failures = 2;
  await expect(saver.deleteThread("t")).rejects.toThrow("disk I/O error");
  expect((await saver.getTuple(THREAD))?.checkpoint.channel_values).toEqual({ a: 1 });
  failures = 3;
  await expect(saver.deleteThread("t")).rejects.toThrow("disk I/O error");
  saver.close();
});

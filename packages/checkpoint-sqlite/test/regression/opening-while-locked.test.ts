// Opening a file waits for whoever has it locked, as every later statement does. With node:sqlite it gave up at once: its timeout was set after the first statement.
import { expect, it } from "vitest";
import { SqliteSaver, SqliteStore } from "../../src/index.js";
import { newFile } from "../new-file.js";
import { openHandle } from "../open-handle.js";
import { startChild } from "../start-child.js";

it.each([
  ["a saver", (file: string) => SqliteSaver.fromConnString(file)],
  ["a store", (file: string) => SqliteStore.fromConnString(file)],
])("%s waits for another process that has the file for itself", async (_, open) => {
  const file = newFile();
  const handle = openHandle(file);
  handle.exec("CREATE TABLE other (id)");
  handle.close();
  await new Promise<void>((resolve, reject) => {
    const child = startChild([file, "300"], () => resolve(), "lock-file.mjs");
    void child.ended.then((code) => reject(new Error(`It ended with ${String(code)}.`)));
  });
  const started = performance.now();
  const opened = open(file);
  expect(performance.now() - started).toBeGreaterThan(100);
  opened.close();
});

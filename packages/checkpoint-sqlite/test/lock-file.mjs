// Run by a test as a process of its own: node lock-file.mjs FILE MILLISECONDS has the file for itself for so long, and says when.
import { writeSync } from "node:fs";
import { createRequire } from "node:module";

const [, , file, time] = process.argv;
const Database = process.getBuiltinModule?.("node:sqlite")?.DatabaseSync ?? createRequire(import.meta.url)("libsql");
const handle = new Database(file);
handle.exec("BEGIN EXCLUSIVE");
writeSync(1, `${JSON.stringify({ locked: true })}\n`);
setTimeout(() => {
  handle.exec("COMMIT");
  handle.close();
}, Number(time));

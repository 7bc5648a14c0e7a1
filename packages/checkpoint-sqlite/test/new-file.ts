import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "holdpoint-sqlite-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
let count = 0;

/** A path in a folder of this test file's own, where nothing is yet. */
export function newFile(): string {
  count += 1;
  return join(folder, `${count}.db`);
}

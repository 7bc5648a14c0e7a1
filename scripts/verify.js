// Runs lint, build, typecheck and tests, and stops at the first that fails. The last line says how it went, in the shape
// "N passed, N failed"; a stage that fails before or beside the tests counts as one failure.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closingLine, countTests } from "./count-tests.js";

const scratch = mkdtempSync(join(tmpdir(), "holdpoint-verify-"));
const report = join(scratch, "vitest.json");
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));

/** @param {string[]} args */
function runStage(args) {
  const started = performance.now();
  console.log(`\n> npm ${args.join(" ")}`);
  const { status } = spawnSync("npm", args, { stdio: ["ignore", "inherit", "inherit"], shell: process.platform === "win32" });
  console.log(`> ${status === 0 ? "ok" : "FAILED"}: npm ${args.join(" ")} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  return status === 0;
}

function readReport() {
  try {
    return JSON.parse(readFileSync(report, "utf8"));
  } catch {
    return undefined; // The runner died before it could report.
  }
}

for (const stage of ["lint", "build", "typecheck"]) {
  if (runStage(["run", "--silent", stage])) continue;
  console.log(`\nStopped at "${stage}": no test was run.`);
  console.log(closingLine({ passed: 0, failed: 1, skipped: 0 }));
  process.exit(1);
}
const reporters = ["--", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
const succeeded = runStage(["run", "--silent", "test", ...reporters]);
const counts = countTests(readReport(), succeeded);
console.log(`\n${closingLine(counts)}`);
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;

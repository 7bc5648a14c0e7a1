// Runs lint, build, typecheck and tests, then the tests for which the durability mode makes a difference in the other two modes, and stops at the
// first that fails. The last line says how it went, in the shape "N passed, N failed", all runs of tests together; a stage that fails before or beside
// the tests counts as one failure.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addCounts, closingLine, countTests } from "./count-tests.js";

const scratch = mkdtempSync(join(tmpdir(), "holdpoint-verify-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));

/**
 * @param {string[]} args
 * @param {Record<string, string>} [variables] of the environment, besides those that there are
 */
function runStage(args, variables = {}) {
  const started = performance.now();
  const name = [...Object.entries(variables).map((pair) => pair.join("=")), "npm", ...args].join(" ");
  console.log(`\n> ${name}`);
  const { status } = spawnSync("npm", args, {
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
    env: { ...process.env, ...variables },
  });
  console.log(`> ${status === 0 ? "ok" : "FAILED"}: ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  return status === 0;
}

/** @param {string | undefined} durability the default mode of this run; undefined: all tests, in the product's own */
function runTests(durability) {
  const report = join(scratch, `${durability ?? "all"}.json`);
  const reporters = ["--", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const succeeded = runStage(
    ["run", "--silent", "test", ...reporters],
    durability === undefined ? {} : { HOLDPOINT_TEST_DURABILITY: durability },
  );
  return countTests(readReport(report), succeeded);
}

/** @param {string} report */
function readReport(report) {
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
const runs = [];
for (const durability of [undefined, "async", "exit"]) {
  runs.push(runTests(durability));
  if (runs.at(-1)?.failed !== 0) break;
}
const counts = addCounts(runs);
console.log(`\n${closingLine(counts)}`);
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;

import { fork } from "node:child_process";

/** Files of workloads, in the order of the report. */
const FILES = [
  "steps",
  "threads",
  "conversation",
  "wide",
  "sends",
  "interrupts",
  "agents",
  "reads",
  "nested",
  "streams",
  "message-streams",
  "compiling",
  "postgres",
];

const RUNNER = new URL("../run-group.js", import.meta.url);

/** Runs each file of workloads in its own process, one after the other, and hands each row to `onRow`. Throws if one fails. */
export async function runGroups({ word, rounds, budget, files = FILES }, onRow) {
  for (const file of files) await runFile({ file, word, rounds, budget }, onRow);
}

function runFile(job, onRow) {
  const child = fork(RUNNER, [JSON.stringify(job)], {
    execArgv: ["--expose-gc", "--max-old-space-size=8192"],
    // The peer warns of its own listeners once a run.
    env: { ...process.env, NODE_NO_WARNINGS: "1", LANGSMITH_TRACING: "false" },
  });
  return new Promise((resolve, reject) => {
    child.on("message", onRow);
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`The workloads of ${job.file}.js ended with ${signal ?? code}.`));
    });
  });
}

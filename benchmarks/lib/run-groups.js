import { ContenderProcess } from "./contender-process.js";
import { runWorkload, titleOf } from "./run-workload.js";
import { missingPostgres, postgresUrl } from "./stores/postgres-server.js";

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

/** Contenders, each of which has a process for each file. */
const CONTENDERS = ["holdpoint", "langgraph", "byHand"];

/** Runs the files of workloads one after the other, and hands each row to `onRow`. Throws if one fails. */
export async function runGroups({ word, rounds, budget, files = FILES }, onRow) {
  for (const file of files) await runFile({ file, word, rounds, budget }, onRow);
}

async function runFile({ file, word, ...limits }, onRow) {
  const { workloads } = await import(new URL(`../workloads/${file}.js`, import.meta.url).href);
  const wanted = [...workloads.entries()].filter(
    ([, workload]) => word === undefined || titleOf(workload).includes(word) || workload.group === word || file === word,
  );
  if (wanted.length === 0) return;
  const env = await environmentOf(wanted.map(([, { kind }]) => kind));
  const processes = Object.fromEntries(CONTENDERS.map((contender) => [contender, new ContenderProcess({ file, contender, env })]));
  try {
    for (const [number, workload] of wanted) onRow(await runWorkload({ number, workload, processes }, limits));
  } finally {
    for (const process of Object.values(processes)) process.end();
  }
}

/** All processes use one server. */
async function environmentOf(kinds) {
  const isServed = kinds.includes("postgres") && missingPostgres() === undefined;
  return isServed ? { BENCH_POSTGRES: await postgresUrl() } : {};
}

// Keeps one process busy with threads of all kinds on one SQLite file, and watches what it holds on to.
// `npm run soak -w @holdpoint/benchmarks -- 10` for ten minutes (the default). Exit code 1 where memory grows, or timers or listeners are left over.
import { setTimeout as sleep } from "node:timers/promises";
import { openSqlite } from "./lib/stores/holdpoint-stores.js";
import { readHandles, readMemory } from "./soak/readings.js";
import { makeScenarios } from "./soak/scenarios.js";
import { findLeaks } from "./soak/verdict.js";

const minutes = Number(process.argv[2] ?? 10);
const IN_FLIGHT = 8;
const INTERVAL = 10_000;
/** Threads that are kept before the oldest is deleted, so that the file stays small. */
const KEPT = 2000;

const shutdown = new AbortController();
const store = openSqlite();
const scenarios = Object.entries(makeScenarios(store.saver, shutdown.signal));
const done = Object.fromEntries(scenarios.map(([name]) => [name, 0]));
const waiting = [];
let begun = 0;

async function runOne() {
  const [name, play] = scenarios[begun % scenarios.length];
  const thread = `thread-${begun++}`;
  if ((await play(thread)) === "keep") waiting.push(thread);
  else await store.saver.deleteThread(thread);
  if (waiting.length > KEPT) await store.saver.deleteThread(waiting.shift());
  done[name]++;
}

// Both are opened when they are first used; open them before handles are counted.
process.stdout.write("");
process.stderr.write("");
const before = readHandles(shutdown.signal);
const start = performance.now();
const seconds = () => (performance.now() - start) / 1000;
let stopping = false;
const workers = Array.from({ length: IN_FLIGHT }, async () => {
  while (!stopping) await runOne();
});
/** Fails as soon as one worker does. */
const failed = Promise.race(workers.map((worker) => worker.then(() => new Promise(() => {}))));

const readings = [];
console.log("seconds  threads  resident  heap      handles");
while (seconds() < minutes * 60) {
  await Promise.race([sleep(Math.min(INTERVAL, minutes * 60_000 - seconds() * 1000)), failed]);
  const reading = { seconds: seconds(), ...(await readMemory()), handles: readHandles(shutdown.signal) };
  readings.push(reading);
  const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`.padEnd(10);
  console.log(
    `${reading.seconds.toFixed(0).padEnd(9)}${String(begun).padEnd(9)}${megabytes(reading.resident)}${megabytes(reading.heap)}${JSON.stringify(reading.handles)}`,
  );
}
stopping = true;
await Promise.all(workers);
await sleep(500);
const after = readHandles(shutdown.signal);
console.log("Threads by scenario:", done);
const leaks = findLeaks(readings, before, after);
store.close();
console.log(leaks.length === 0 ? "Nothing grows, and nothing is left over." : `LEAKS: ${leaks.join("; ")}.`);
process.exitCode = leaks.length === 0 ? 0 : 1;

// Runs 100,000 threads through one process, each of which stops at a question and stays there, and shows that the heap does not keep them.
// `npm run bench:idle -w @holdpoint/benchmarks`; IDLE_THREADS and IDLE_SECONDS bound it. Exit code 1 where the heap grows with the threads.
import { setImmediate } from "node:timers/promises";
import { Annotation, interrupt, START, StateGraph } from "@holdpoint/core";
import { slope } from "./lib/statistics.js";
import { openSqlite } from "./lib/stores/holdpoint-stores.js";

const THREADS = Number(process.env.IDLE_THREADS ?? 100_000);
const SECONDS = Number(process.env.IDLE_SECONDS ?? 600);
const IN_FLIGHT = 50;
/** Readings that do not count: until then code is compiled and caches fill. */
const WARM_UP = 3;
/** Bytes of heap that a waiting thread may add: less than a pointer to it and its name would take. */
const MOST_BYTES = 16;

const store = openSqlite();
const graph = new StateGraph(Annotation.Root({ question: Annotation(), answer: Annotation() }))
  .addNode("read", ({ question }) => ({ question: `${question}?` }))
  .addNode("ask", ({ question }) => ({ answer: interrupt(question) }))
  .addEdge(START, "read")
  .addEdge("read", "ask")
  .compile({ checkpointer: store.saver });

async function heapBytes() {
  globalThis.gc();
  await setImmediate();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

let begun = 0;
async function runUntil(count) {
  const worker = async () => {
    while (begun < count) {
      const thread = `thread-${begun++}`;
      const { __interrupt__: asked } = await graph.invoke({ question: thread }, { configurable: { thread_id: thread } });
      if (asked?.length !== 1) throw new Error(`${thread} did not stop at its question.`);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
}

const start = performance.now();
const readings = [];
console.log("threads     heap after a collection");
for (let tenth = 1; tenth <= 10 && performance.now() - start < SECONDS * 1000; tenth++) {
  await runUntil(Math.round((THREADS * tenth) / 10));
  const heap = await heapBytes();
  readings.push([begun, heap]);
  console.log(`${begun.toLocaleString("en").padEnd(12)}${(heap / 1e6).toFixed(2)} MB`);
}
const bytesPerThread = slope(readings.slice(WARM_UP));
const megabytes = store.bytes() / 1e6;
store.close();
const grows = !(bytesPerThread <= MOST_BYTES);
console.log(
  `${begun.toLocaleString("en")} waiting threads, ${megabytes.toFixed(0)} MB in SQLite, ${((performance.now() - start) / 1000).toFixed(0)} s: ${bytesPerThread.toFixed(1)} bytes of heap a thread, which ${grows ? "GROWS" : "holds none of them"}.`,
);
process.exitCode = grows ? 1 : 0;

// Measures Holdpoint beside LangGraph JS and a hand-written loop, in one process and in turns, and writes benchmarks/README.md.
// `npm run bench` runs everything; `npm run bench -- loop` only workloads whose name holds the word, and writes nothing.
import { measureImports } from "./lib/imports.js";
import { exponent, measure, median, ratio } from "./lib/measure.js";
import { writeReport } from "./lib/report.js";
import { savedWorkloads } from "./workloads/saved.js";
import { stepWorkloads } from "./workloads/steps.js";

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7);
const [only] = process.argv.slice(2);
const rows = [];
const growing = new Map();

for (const workload of [...stepWorkloads, ...savedWorkloads].filter(({ name }) => only === undefined || name.includes(only))) {
  const { bytes, bytesByHand, close, ...contenders } = await workload.prepare();
  const measured = await measure(contenders, { rounds: ROUNDS });
  const { holdpoint, langgraph, byHand } = measured;
  const runs = ROUNDS + 1;
  const row = {
    name: workload.name,
    saver: workload.saver,
    microseconds: (median(holdpoint) * 1000) / workload.unit,
    peer: langgraph === undefined ? undefined : ratio(langgraph, holdpoint),
    hand: ratio(holdpoint, byHand),
    bytes: bytes === undefined ? undefined : bytes() / runs / workload.unit,
    bytesByHand: bytesByHand === undefined ? undefined : bytesByHand() / runs / workload.unit,
  };
  close?.();
  rows.push(row);
  if (workload.growth !== undefined) {
    const points = growing.get(workload.growth) ?? { ours: [], peer: [] };
    points.ours.push([workload.unit, median(holdpoint)]);
    if (langgraph !== undefined) points.peer.push([workload.unit, median(langgraph)]);
    growing.set(workload.growth, points);
  }
  const shown = {
    "µs a step": row.microseconds.toFixed(1),
    "cheaper than LangGraph": row.peer?.toFixed(1),
    "dearer than by hand": row.hand.toFixed(1),
  };
  console.log(`${row.name} [${row.saver}]`, shown);
}

const growth = [...growing].map(([name, { ours, peer }]) => ({
  name,
  ours: exponent(ours),
  peer: peer.length > 1 ? exponent(peer) : undefined,
}));
if (only === undefined) {
  const imports = measureImports(
    ["@langchain/langgraph", "@holdpoint/core", "@holdpoint/checkpoint-sqlite", "@holdpoint/prebuilt"],
    ROUNDS,
  );
  writeReport({ rows, growth, imports, rounds: ROUNDS });
  console.log("Written to benchmarks/README.md.");
}

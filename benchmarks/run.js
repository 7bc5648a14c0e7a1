// Measures Holdpoint beside LangGraph JS and beside a loop written by hand, and writes benchmarks/README.md and benchmarks/growth.svg.
// `npm run bench` runs everything; `npm run bench -- loop` only workloads whose name holds the word, and writes nothing.
import { measureFigures } from "./figures/measure-figures.js";
import { growthOf } from "./lib/growth.js";
import { printRow } from "./lib/report/print-row.js";
import { writeChart } from "./lib/report/write-chart.js";
import { writeReport } from "./lib/report/write-report.js";
import { runGroups } from "./lib/run-groups.js";

const rounds = Number(process.env.BENCH_ROUNDS ?? 11);
/** Milliseconds that a workload gets; it has three rounds in any case. */
const budget = Number(process.env.BENCH_BUDGET ?? 3000);
const [word] = process.argv.slice(2);

const start = performance.now();
const rows = [];
await runGroups({ word, rounds, budget }, (row) => {
  rows.push(row);
  printRow(row);
});
const figures = await measureFigures({ word, rounds });
for (const { title, text } of figures) console.log(`${title}: ${text}`);
const minutes = (performance.now() - start) / 60_000;
console.log(`${rows.length} workloads in ${minutes.toFixed(1)} minutes.`);
if (word === undefined) {
  const growth = growthOf(rows);
  writeReport({ rows, growth, figures, rounds, minutes });
  writeChart(rows);
  console.log("Written to benchmarks/README.md and benchmarks/growth.svg.");
}

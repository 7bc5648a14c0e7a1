// Measures what a step costs on threads of 100, 1,000 and 10,000 steps, in time and bytes, and writes docs/growth.md.
import { writeFileSync } from "node:fs";
import { growthPage } from "./lib/report/growth-page.js";
import { printRow } from "./lib/report/print-row.js";
import { runGroups } from "./lib/run-groups.js";

const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const rows = [];
await runGroups({ files: ["growth"], rounds, budget: 5000 }, (row) => {
  rows.push(row);
  printRow(row);
});
writeFileSync(new URL("../docs/growth.md", import.meta.url), growthPage(rows));
console.log("Written to docs/growth.md.");

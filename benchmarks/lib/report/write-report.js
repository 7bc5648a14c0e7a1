import { readFileSync, writeFileSync } from "node:fs";
import { figureTables, growthTable, targetTable, workloadTable } from "./tables.js";
import { machine } from "./versions.js";

const FILE = new URL("../../README.md", import.meta.url);
const MARK = "<!-- results -->";

/** Writes the tables into benchmarks/README.md, below the mark. */
export function writeReport({ rows, growth, figures, rounds, minutes }) {
  const parts = [
    `${machine()} Medians of 3 to ${rounds} rounds, contenders in turns; ${minutes.toFixed(0)} minutes. Absolute times differ from machine to machine: read the ratios.`,
    "### Targets",
    targetTable(rows, figures).join("\n"),
    "### Growth",
    growthTable(growth).join("\n"),
    "### All workloads",
    workloadTable(rows).join("\n"),
    ...figureTables(figures),
  ];
  const [before] = readFileSync(FILE, "utf8").split(MARK);
  writeFileSync(FILE, `${before}${MARK}\n\n${parts.join("\n\n")}\n`);
}

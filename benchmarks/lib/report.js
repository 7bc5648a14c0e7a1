import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, cpus, platform } from "node:os";

const require = createRequire(import.meta.url);
const version = (name) => JSON.parse(readFileSync(require.resolve(`${name}/package.json`), "utf8")).version;

const times = (value) => (value === undefined ? "" : value >= 10 ? `${Math.round(value)}x` : `${value.toFixed(1)}x`);
const micros = (value) => (value === undefined ? "" : value >= 100 ? `${Math.round(value)}` : value.toFixed(1));

/** Writes the tables into benchmarks/README.md between the two marks. */
export function writeReport({ rows, growth, imports, rounds }) {
  const file = new URL("../README.md", import.meta.url);
  const head = `Node ${process.version}, ${platform()} ${arch()}, ${cpus().length} cores; @langchain/langgraph ${version("@langchain/langgraph")}; medians of ${rounds} rounds, contenders in turns. Absolute times differ from machine to machine: read the ratios.`;
  const table = [
    "| workload | saver | µs a step | cheaper than LangGraph | dearer than by hand | bytes a step (by hand) |",
    "| --- | --- | ---: | ---: | ---: | ---: |",
    ...rows.map(
      (row) =>
        `| ${row.name} | ${row.saver} | ${micros(row.microseconds)} | ${times(row.peer)} | ${times(row.hand)} | ${row.bytes === undefined ? "" : `${Math.round(row.bytes)} (${Math.round(row.bytesByHand)})`} |`,
    ),
  ];
  const growing = [
    "| what grows | exponent of time | LangGraph's |",
    "| --- | ---: | ---: |",
    ...growth.map((row) => `| ${row.name} | ${row.ours.toFixed(2)} | ${row.peer?.toFixed(2) ?? ""} |`),
  ];
  const loading = [
    "| import | ms | of LangGraph's |",
    "| --- | ---: | ---: |",
    ...Object.entries(imports).map(
      ([name, ms]) => `| \`${name}\` | ${ms.toFixed(0)} | ${((100 * ms) / imports["@langchain/langgraph"]).toFixed(0)} % |`,
    ),
  ];
  const [before] = readFileSync(file, "utf8").split("<!-- results -->");
  writeFileSync(
    file,
    `${before}<!-- results -->\n\n${head}\n\n${[table, growing, loading].map((lines) => lines.join("\n")).join("\n\n")}\n`,
  );
}

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { median, ratio } from "../lib/statistics.js";

const PEER = "@langchain/langgraph";
/** The modules of LangChain that `prebuilt` imports, as its build says. */
const needed = () => {
  const source = readFileSync(fileURLToPath(import.meta.resolve("@holdpoint/prebuilt")), "utf8");
  return [...source.matchAll(/^import .*?from "(@langchain\/[^"]+)";$/gm)].map(([, name]) => name);
};
const NEEDED = needed();
const EVERYTHING = ["@holdpoint/core", "@holdpoint/checkpoint-sqlite", "@holdpoint/prebuilt"];

/** What is imported, by its name in the table. */
const CONTENDERS = {
  peer: { title: `\`${PEER}\``, names: [PEER] },
  core: { title: "`@holdpoint/core`", names: ["@holdpoint/core"] },
  sqlite: { title: "`@holdpoint/checkpoint-sqlite`", names: ["@holdpoint/checkpoint-sqlite"] },
  everything: { title: "core, checkpoint-sqlite and prebuilt", names: EVERYTHING },
  needed: { title: `the ${NEEDED.length} LangChain modules that prebuilt imports`, names: NEEDED },
  peerWithAll: {
    title: "LangGraph with its saver and prebuilt",
    names: [PEER, "@langchain/langgraph/prebuilt", "@langchain/langgraph-checkpoint-sqlite"],
  },
};

/** Milliseconds that importing takes in a new process, measured in turns. */
function measureImports(rounds) {
  const script = (names) =>
    `const start = performance.now(); for (const name of ${JSON.stringify(names)}) await import(name); console.log(performance.now() - start);`;
  const times = Object.fromEntries(Object.keys(CONTENDERS).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, { names }] of Object.entries(CONTENDERS)) {
      const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", script(names)], {
        encoding: "utf8",
        cwd: new URL("..", import.meta.url),
      });
      times[name].push(Number(printed));
    }
  }
  return times;
}

export async function importFigures({ rounds }) {
  const times = measureImports(rounds);
  const core = ratio(times.peer, times.core);
  const everything = ratio(times.everything, times.needed);
  const table = [
    ["import", "ms", "of LangGraph's"],
    ["| --- | ---: | ---: |"],
    ...Object.entries(CONTENDERS).map(([name, { title }]) => [
      title,
      median(times[name]).toFixed(0),
      `${(100 * ratio(times[name], times.peer)).toFixed(0)} %`,
    ]),
  ];
  return [
    {
      title: "import of core",
      heading: "Imports",
      toPeer: `${core.toFixed(1)}x`,
      peerTarget: "20x",
      met: core >= 20,
      text: `${core.toFixed(1)}x quicker`,
      table,
    },
    {
      title: "import of everything, beside the LangChain modules that it needs",
      toPeer: `${everything.toFixed(2)}x their time`,
      peerTarget: "1.1x",
      met: everything <= 1.1,
      text: `${everything.toFixed(2)}x their time`,
      table: undefined,
    },
  ];
}
importFigures.word = "import";

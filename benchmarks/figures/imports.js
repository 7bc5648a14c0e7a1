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
const NEEDED_TITLE = `the ${NEEDED.length} LangChain modules that prebuilt imports`;
const EVERYTHING = ["@holdpoint/core", "@holdpoint/checkpoint-sqlite", "@holdpoint/prebuilt"];

const CONTENDERS = {
  [PEER]: [PEER],
  "@holdpoint/core": ["@holdpoint/core"],
  "@holdpoint/checkpoint-sqlite": ["@holdpoint/checkpoint-sqlite"],
  "core, checkpoint-sqlite and prebuilt": EVERYTHING,
  [NEEDED_TITLE]: NEEDED,
  "LangGraph with its saver and prebuilt": [PEER, "@langchain/langgraph/prebuilt", "@langchain/langgraph-checkpoint-sqlite"],
};

/** Milliseconds that importing takes in a new process, measured in turns. */
function measureImports(rounds) {
  const script = (names) =>
    `const start = performance.now(); for (const name of ${JSON.stringify(names)}) await import(name); console.log(performance.now() - start);`;
  const times = Object.fromEntries(Object.keys(CONTENDERS).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, names] of Object.entries(CONTENDERS)) {
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
  const core = ratio(times[PEER], times["@holdpoint/core"]);
  const everything = ratio(times["core, checkpoint-sqlite and prebuilt"], times[NEEDED_TITLE]);
  const table = [
    ["import", "ms", "of LangGraph's"],
    ["| --- | ---: | ---: |"],
    ...Object.entries(times).map(([name, list]) => [
      `\`${name}\``,
      median(list).toFixed(0),
      `${(100 * ratio(list, times[PEER])).toFixed(0)} %`,
    ]),
  ];
  return [
    {
      title: "Import of core",
      toPeer: `${core.toFixed(1)}x`,
      peerTarget: "20x",
      met: core >= 20,
      text: `${core.toFixed(1)}x quicker`,
      table,
    },
    {
      title: "Import of everything, beside the LangChain modules that it needs",
      toPeer: `${everything.toFixed(2)}x their time`,
      peerTarget: "1.1x",
      met: everything <= 1.1,
      text: `${everything.toFixed(2)}x their time`,
      table: undefined,
    },
  ];
}
importFigures.word = "import";

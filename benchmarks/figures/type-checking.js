import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = new URL("types/", import.meta.url);
const COMPILER = fileURLToPath(new URL("../../node_modules/.bin/tsc", import.meta.url));

/** What the compiler counts while it checks one file. Throws if the file has errors. */
function check(file) {
  const project = new URL(`tsconfig.${file}.json`, FOLDER);
  writeFileSync(project, JSON.stringify({ extends: "./tsconfig.json", include: [], files: [`${file}.ts`] }));
  try {
    const { stdout, status } = spawnSync(COMPILER, ["-p", fileURLToPath(project), "--extendedDiagnostics"], { encoding: "utf8" });
    if (status !== 0) throw new Error(`${file}.ts does not compile:\n${stdout}`);
    const count = (name) => Number(new RegExp(`^${name}: +(\\d+)`, "m").exec(stdout)?.[1]);
    return { instantiations: count("Instantiations"), types: count("Types"), files: count("Files") };
  } finally {
    rmSync(project);
  }
}

/** Counts, not times: the same on every machine. What both use of LangChain is counted alone, and told beside the whole. */
export async function typeFigures() {
  const [ours, peer, shared] = ["holdpoint-agent", "langgraph-agent", "shared-part"].map(check);
  const whole = peer.instantiations / ours.instantiations;
  const own = (peer.instantiations - shared.instantiations) / (ours.instantiations - shared.instantiations);
  const row = (title, { instantiations, types, files }) => [
    title,
    ...[instantiations, types, files].map((value) => value.toLocaleString("en")),
  ];
  return [
    {
      title: "type-check of an agent file: instantiations",
      heading: "Types",
      toPeer: `${own.toFixed(1)}x`,
      peerTarget: "5x",
      met: own >= 5,
      text: `LangGraph takes ${whole.toFixed(2)}x as many, ${own.toFixed(2)}x without what both use of LangChain`,
      table: [
        ["the same agent (`figures/types/`)", "instantiations", "types", "files"],
        ["| --- | ---: | ---: | ---: |"],
        row("Holdpoint", ours),
        row("LangGraph", peer),
        row("what both use of LangChain, alone", shared),
      ],
    },
  ];
}
typeFigures.word = "types";

// Plays each known failure of the peer on both runtimes, and writes docs/differences.md from what happened.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as holdpointCore from "@holdpoint/core";
import * as holdpointPrebuilt from "@holdpoint/prebuilt";
import * as langgraph from "@langchain/langgraph";
import * as langgraphPrebuilt from "@langchain/langgraph/prebuilt";
import { failures } from "./lib/failures.js";
import { openSqlite } from "./lib/stores/holdpoint-stores.js";

const { version } = JSON.parse(readFileSync(createRequire(import.meta.url).resolve("@langchain/langgraph/package.json"), "utf8"));
const ours = { ...holdpointCore, ...holdpointPrebuilt, openMeasured: openSqlite };
const peers = { ...langgraph, ...langgraphPrebuilt, openMeasured: openPeerMemory };

/** The peer's saver in memory, with the size of what it holds. */
function openPeerMemory() {
  const saver = new langgraph.MemorySaver();
  const size = (value) =>
    value instanceof Uint8Array ? value.length : typeof value === "object" && value !== null ? total(Object.values(value)) : 0;
  const total = (values) => values.reduce((sum, value) => sum + size(value), 0);
  return { saver, bytes: () => size(saver.storage) + size(saver.writes), close() {} };
}

const rows = [];
for (const { title, test, play } of failures) rows.push({ title, test, ours: await play(ours), peer: await play(peers) });

const page = `# Where Holdpoint differs from LangGraph JS

Made by \`npm run differences\`, which plays each scenario on both runtimes (\`benchmarks/lib/failures.js\`): @langchain/langgraph ${version}.

| scenario | LangGraph JS | Holdpoint | tested in |
| --- | --- | --- | --- |
${rows.map((row) => `| ${row.title} | ${row.peer} | ${row.ours} | \`${row.test}\` |`).join("\n")}

Differences on purpose, beyond these failures, stand in [ARCHITECTURE.md](../ARCHITECTURE.md).
`;
writeFileSync(new URL("../docs/differences.md", import.meta.url), page);
console.log(page);

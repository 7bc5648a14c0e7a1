import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, cpus, platform } from "node:os";

const require = createRequire(import.meta.url);

/** Gives the version of an installed package. */
export function versionOf(name) {
  const entry = require.resolve(name);
  const folder = entry.slice(0, entry.lastIndexOf(`node_modules/${name}/`) + `node_modules/${name}/`.length);
  return JSON.parse(readFileSync(`${folder}package.json`, "utf8")).version;
}

const PACKAGES = ["@langchain/langgraph", "@langchain/langgraph-checkpoint-sqlite", "@langchain/core", "libsql"];

/** What was measured where, in one sentence. */
export const machine = () =>
  `Node ${process.version}, ${platform()} ${arch()}, ${cpus().length} cores (${cpus()[0]?.model.trim() ?? "unknown"}); ${PACKAGES.map((name) => `${name} ${versionOf(name)}`).join(", ")}.`;

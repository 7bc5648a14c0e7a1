import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = new URL("types/", import.meta.url);
const COMPILER = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));

/**
 * What the compiler counts while it checks one file of `types/`, against the built packages: counts, not times, the same on every machine.
 * Throws if the file has errors.
 * @param {string} file its name, without the ending
 */
export function countTypes(file) {
  const project = new URL(`tsconfig.${file}.json`, FOLDER);
  writeFileSync(project, JSON.stringify({ extends: "./tsconfig.json", include: [], files: [`${file}.ts`] }));
  try {
    const args = [COMPILER, "-p", fileURLToPath(project), "--extendedDiagnostics"];
    const { stdout, status } = spawnSync(process.execPath, args, { encoding: "utf8" });
    if (status !== 0) throw new Error(`${file}.ts does not compile:\n${stdout}`);
    /** @param {string} name */
    const count = (name) => Number(new RegExp(`^${name}: +(\\d+)`, "m").exec(stdout)?.[1]);
    return { instantiations: count("Instantiations"), types: count("Types"), files: count("Files") };
  } finally {
    rmSync(project);
  }
}

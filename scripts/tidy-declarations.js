import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const IMPORTED = /(?:\bfrom|\bimport|\bimport\()\s*"(\.{1,2}\/[^"]+)\.js"/g;
// Editors find a declaration map by its name. It stays in the repository, so a comment that leads to it would lead nowhere once published.
const MAP_COMMENT = /\n\/\/# sourceMappingURL=.*\s*$/;

/**
 * Removes the declarations in `dist` that no entry's declarations reach, with their maps, and takes the map comment off the others.
 * @param {string} dist
 * @param {readonly string[]} entries absolute paths of declarations
 */
export function tidyDeclarations(dist, entries) {
  /** @type {Set<string>} */
  const reached = new Set();
  /** @param {string} file */
  const visit = (file) => {
    if (reached.has(file)) return;
    reached.add(file);
    const text = readFileSync(file, "utf8");
    for (const [, path] of text.matchAll(IMPORTED)) visit(resolve(dirname(file), `${path}.d.ts`));
    writeFileSync(file, text.replace(MAP_COMMENT, "\n"));
  };
  for (const entry of entries) visit(entry);
  for (const path of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
    const file = join(dist, path);
    if (/\.d\.ts(\.map)?$/.test(path) && !reached.has(file.replace(/\.map$/, ""))) rmSync(file);
  }
}

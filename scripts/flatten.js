// Joins the modules that tsc wrote to dist into one file for each entry and program of the package in the current folder: loading a hundred small
// files costs many times what they do. Types stay as they are, file by file, and keep the doc comments; the JavaScript does not repeat them.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { rolldown } from "rolldown";
import { tidyDeclarations } from "./tidy-declarations.js";

const dist = resolve("dist");
const { exports: entries, bin = {} } = JSON.parse(readFileSync("package.json", "utf8"));
const files = [...Object.values(entries).map((entry) => entry.default), ...Object.values(bin)].flatMap((path) =>
  path === undefined ? [] : [resolve(path)],
);
const main = resolve(entries["."].default);

/**
 * @param {string[]} input absolute paths
 * @param {string | undefined} [apart] the file that is imported, not joined in
 */
async function joined(input, apart) {
  const bundle = await rolldown({
    input: Object.fromEntries(input.map((path) => [relative(dist, path).replace(/\.js$/, ""), path])),
    platform: "node",
    external: (id) => !id.startsWith(".") && !id.startsWith("/"),
    plugins: [
      {
        name: "apart",
        resolveId: (id, importer) =>
          importer !== undefined && resolve(dirname(importer), id) === apart ? { id: apart, external: "absolute" } : null,
      },
    ],
  });
  const { output } = await bundle.generate({
    format: "esm",
    comments: { jsdoc: false, legal: true, annotation: true },
    entryFileNames: "[name].js",
    chunkFileNames: "shared/[name].js",
  });
  await bundle.close();
  return output;
}

/** @param {Awaited<ReturnType<typeof joined>>} output */
const modulesOf = (output) => output.flatMap((file) => (file.type === "chunk" ? Object.keys(file.modules) : []));

/** The main entry is one file, where the others import what they share with it from the entry itself: a file more costs each import half a millisecond. */
async function joinedEntries() {
  const alone = await joined([main]);
  const others = files.filter((path) => path !== main);
  if (others.length === 0) return alone;
  const rest = await joined(others, main);
  const own = new Set(modulesOf(alone));
  return modulesOf(rest).some((module) => own.has(module)) ? joined(files) : [...alone, ...rest];
}

/**
 * V8 keeps and reads a file with a single character outside of Latin as two bytes for each. All that we have stand in texts and patterns, where an
 * escape means the same.
 * @param {string} code
 */
const inAscii = (code) => code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

/**
 * Imports of the main entry, which rolldown leaves with their whole path, are made relative.
 * @param {string} fileName
 * @param {string} code
 */
function toMain(fileName, code) {
  const path = relative(dirname(join(dist, fileName)), main);
  return code.replaceAll(`from "${main}"`, `from "${path.startsWith(".") ? path : `./${path}`}"`);
}

const output = await joinedEntries();
for (const path of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
  if (/\.js(\.map)?$/.test(path)) rmSync(join(dist, path));
}
for (const { fileName, ...file } of output) {
  mkdirSync(join(dist, fileName, ".."), { recursive: true });
  writeFileSync(join(dist, fileName), file.type === "chunk" ? inAscii(toMain(fileName, file.code)) : file.source);
}

// What tests of several packages share has types alone in dist: they read its source, and nobody else gets it.
const shared = resolve("dist/testing/index.d.ts");
const declarations = Object.values(entries).flatMap(({ types }) => (types === undefined ? [] : [resolve(types)]));
tidyDeclarations(dist, existsSync(shared) ? [...declarations, shared] : declarations);

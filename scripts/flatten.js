// Joins the modules that tsc wrote to dist into one file for each entry and program of the package in the current folder: loading a hundred small
// files costs many times what they do. Types stay as they are, file by file, and keep the doc comments; the JavaScript does not repeat them.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { rolldown } from "rolldown";
import { tidyDeclarations } from "./tidy-declarations.js";

const dist = resolve("dist");
const { exports: entries, bin = {} } = JSON.parse(readFileSync("package.json", "utf8"));
const input = Object.fromEntries(
  [...Object.values(entries).map((entry) => entry.default), ...Object.values(bin)]
    .filter((path) => path !== undefined)
    .map((path) => [relative(dist, resolve(path)).replace(/\.js$/, ""), resolve(path)]),
);

const bundle = await rolldown({
  input,
  platform: "node",
  /** @param {string} id */
  external: (id) => !id.startsWith(".") && !id.startsWith("/"),
});
const { output } = await bundle.generate({
  format: "esm",
  comments: { jsdoc: false, legal: true, annotation: true },
  entryFileNames: "[name].js",
  chunkFileNames: "shared/[name].js",
});
await bundle.close();

for (const path of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
  if (/\.js(\.map)?$/.test(path)) rmSync(join(dist, path));
}
for (const { fileName, ...file } of output) {
  mkdirSync(join(dist, fileName, ".."), { recursive: true });
  writeFileSync(join(dist, fileName), file.type === "chunk" ? file.code : file.source);
}

const declarations = Object.values(entries).flatMap(({ types }) => (types === undefined ? [] : [resolve(types)]));
tidyDeclarations(dist, declarations);

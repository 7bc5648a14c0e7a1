// Joins the modules that tsc wrote to dist into one file for each entry and program of the package in the current folder, with source maps down to the
// TypeScript. Loading a hundred small files costs many times what they do; types and sources stay as they are, file by file.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { rolldown } from "rolldown";

const dist = resolve("dist");
const { exports: entries, bin = {} } = JSON.parse(readFileSync("package.json", "utf8"));
const input = Object.fromEntries(
  [...Object.values(entries).map((entry) => entry.default), ...Object.values(bin)]
    .filter((path) => path !== undefined)
    .map((path) => [relative(dist, resolve(path)).replace(/\.js$/, ""), resolve(path)]),
);

/** Reads what tsc wrote together with its map, so that the joined map leads to the TypeScript. */
const withMaps = {
  name: "with-maps",
  /** @param {string} id */
  load: (id) => (id.startsWith(dist) ? { code: readFileSync(id, "utf8"), map: readFileSync(`${id}.map`, "utf8") } : null),
};

const bundle = await rolldown({
  input,
  plugins: [withMaps],
  platform: "node",
  /** @param {string} id */
  external: (id) => !id.startsWith(".") && !id.startsWith("/"),
});
const { output } = await bundle.generate({
  format: "esm",
  sourcemap: true,
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

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { published, root, run } from "./packed-packages.js";

const scratch = mkdtempSync(join(tmpdir(), "holdpoint-import-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

// What an import costs is mostly which files it reads, and which parts of Node it starts.
const main = (name: string) => join(root, "packages", name, "dist/index.js");
const importsOf = (file: string) =>
  [...readFileSync(file, "utf8").matchAll(/^(?:import|export) [^;]*?from "([^"]+)";$/gm)].map(([, name = ""]) => name);

/** The files of ours that are loaded with one, and what else they import. */
function reach(file: string, found = { files: new Set<string>(), others: new Set<string>() }) {
  if (found.files.has(file)) return found;
  found.files.add(file);
  for (const name of importsOf(file)) {
    const own = /^@holdpoint\/([a-z-]+)$/.exec(name)?.[1];
    if (name.startsWith(".")) reach(resolve(dirname(file), name), found);
    else if (own !== undefined) reach(main(own), found);
    else found.others.add(name);
  }
  return found;
}

/** The modules of Node that a new process has loaded after some code, before it prints anything. */
function loadedAfter(code: string): string[] {
  const script = `${code}; const loaded = process.moduleLoadList.slice(); process.stdout.write(JSON.stringify(loaded));`;
  const { status, stdout, output } = run(process.execPath, ["--input-type=module", "--eval", script], root);
  if (status !== 0) throw new Error(output);
  return JSON.parse(stdout);
}

describe("importing core", () => {
  it("reads two files, and nothing else by import statements", () => {
    const { files, others } = reach(main("core"));
    expect([...files].map((file) => relative(root, file))).toEqual(["packages/core/dist/index.js", "packages/checkpoint/dist/index.js"]);
    expect([...others]).toEqual([]);
  });

  it("starts no part of Node that takes long: crypto, streams", () => {
    const empty = join(scratch, "empty.mjs");
    writeFileSync(empty, "");
    const always = loadedAfter(`await import(${JSON.stringify(pathToFileURL(empty).href)})`);
    const added = loadedAfter(`await import("@holdpoint/core")`).filter((name) => !always.includes(name));
    expect(added.filter((name) => /\b(crypto|webcrypto|streams?|os)\b/.test(name))).toEqual([]);
  });
});

describe("the built files", () => {
  it.each(published)("of packages/%s are ASCII, which V8 keeps and reads as one byte a character", (folder) => {
    const dist = join(root, "packages", folder, "dist");
    const files = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".js"));
    expect(files).not.toEqual([]);
    expect(files.filter((path) => /[^\0-\x7f]/.test(readFileSync(join(dist, path), "utf8")))).toEqual([]);
  });
});

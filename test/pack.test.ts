import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installInto, type PackedPackage, packAll, published, root, run } from "./packed-packages.js";

const scratch = mkdtempSync(join(tmpdir(), "holdpoint-pack-"));
const packed = new Map<string, PackedPackage>();

beforeAll(() => {
  for (const one of packAll(scratch)) packed.set(one.name.replace("@holdpoint/", ""), one);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function packedAs(folder: string): PackedPackage {
  const found = packed.get(folder);
  if (!found) throw new Error(`packages/${folder} was not packed.`);
  return found;
}

const read = (folder: string, path: string) => readFileSync(join(root, "packages", folder, path), "utf8");

/** The declarations of the same package that a declaration imports, as paths within the package. */
function importsOf(folder: string, path: string): string[] {
  const imported = read(folder, path).matchAll(/(?:from|import|import\() ?"(\.[^"]+)\.js"/g);
  return [...imported].map(([, target]) => posix.join(posix.dirname(path), `${target}.d.ts`));
}

describe.each(published)("the tarball of packages/%s", (folder) => {
  it("is built: `npm run build` comes before the tests", () => {
    const needed = ["LICENSE", "README.md", "package.json", "dist/index.js", "dist/index.d.ts"];
    expect(needed.filter((path) => !packedAs(folder).files.includes(path))).toEqual([]);
  });

  it("holds what runs and what types it, and neither sources nor maps", () => {
    const expected = /^(LICENSE|README\.md|CHANGELOG\.md|package\.json|dist\/[a-z0-9/-]+\.(js|d\.ts))$/;
    expect(packedAs(folder).files.filter((path) => !expected.test(path))).toEqual([]);
  });

  it("holds nothing that this repository's tests alone need", () => {
    expect(packedAs(folder).files.filter((path) => path.startsWith("dist/testing"))).toEqual([]);
  });

  it("holds no secret", () => {
    const secret = /sk-ant-[\w-]{8}|npm_[A-Za-z0-9]{30}|gh[pousr]_[A-Za-z0-9]{30}|_authToken|-----BEGIN [A-Z ]*PRIVATE KEY/;
    expect(packedAs(folder).files.filter((path) => secret.test(read(folder, path)))).toEqual([]);
  });

  it("names no map, since none comes with it", () => {
    expect(packedAs(folder).files.filter((path) => /^\/\/[#@] sourceMappingURL=/m.test(read(folder, path)))).toEqual([]);
  });

  it("has every declaration that another one imports, and doc comments in them", () => {
    const { files } = packedAs(folder);
    const declarations = files.filter((path) => path.endsWith(".d.ts"));
    const missing = declarations.flatMap((path) => importsOf(folder, path).filter((imported) => !files.includes(imported)));
    expect(missing).toEqual([]);
    expect(declarations.some((path) => read(folder, path).includes("/**"))).toBe(true);
  });

  it("is clean by publint", async () => {
    const tarball = readFileSync(packedAs(folder).tarball);
    const { messages } = await publint({ pack: { tarball: new Uint8Array(tarball).buffer }, strict: true });
    expect(messages).toEqual([]);
  });

  it("has types that are right for ESM", async () => {
    const result = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(packedAs(folder).tarball))));
    // Published as ESM only: resolvers that know no ESM, or no "exports", are out of scope.
    const outOfScope: unknown[] = ["node10", "node16-cjs"];
    const problems = result.types ? result.problems : [{ kind: "no types" }];
    expect(problems.filter((problem) => !("resolutionKind" in problem && outOfScope.includes(problem.resolutionKind)))).toEqual([]);
  });
});

describe("the runtime with its SQLite saver, alone", () => {
  const folder = join(scratch, "alone");
  const parts = ["checkpoint", "checkpoint-sqlite", "core"];

  beforeAll(() => {
    mkdirSync(folder);
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "alone", private: true }));
    // Offline: what is no file of ours would have to be fetched, and fails.
    const options = ["--offline", "--omit=peer", "--no-audit", "--no-fund", "--no-package-lock"];
    const { status, output } = run("npm", ["install", ...options, ...parts.map((part) => packedAs(part).tarball)], folder);
    if (status !== 0) throw new Error(`npm install failed:\n${output}`);
  });

  it("needs no other package", () => {
    const installed = readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."));
    expect([installed, readdirSync(join(folder, "node_modules/@holdpoint"))]).toEqual([["@holdpoint"], parts]);
  });

  it("takes less than a megabyte", () => {
    const installed = join(folder, "node_modules/@holdpoint");
    const files = readdirSync(installed, { recursive: true, encoding: "utf8" }).map((path) => lstatSync(join(installed, path)));
    expect(files.reduce((bytes, file) => bytes + (file.isFile() ? file.size : 0), 0)).toBeLessThan(980_000);
  });
});

describe("an empty project with the tarballs installed", () => {
  const consumer = join(scratch, "consumer");
  // Node.js 22 warns that `node:sqlite` is experimental there.
  const node = (...args: string[]) => run(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], consumer).output.trim();

  beforeAll(() => {
    const { status, output } = installInto(
      consumer,
      [...packed.values()].map((one) => one.tarball),
    );
    if (status !== 0) throw new Error(`npm install failed:\n${output}`);
  });

  it("imports every entry point, of one copy each", () => {
    expect(node("imports.mjs")).toBe("imports: ok, true");
  });

  it("asks in one process and goes on in another", () => {
    expect([node("approve.mjs", "ask", "threads.db"), node("approve.mjs", "answer", "threads.db")]).toEqual(["ask: ok", "answer: ok"]);
  });

  it("has a command line that looks after what was saved", () => {
    const bin = join(consumer, "node_modules/.bin/holdpoint-checkpoint");
    const { status, stdout } = run(bin, ["verify", "threads.db"], consumer);
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^1 thread, .*: all whole\.\n$/)]);
  });

  it("kills processes with the conformance kit", () => {
    expect(node("crash.mjs")).toBe("crash: ok");
  });

  it("type-checks a TypeScript consumer", () => {
    expect(node(join(root, "node_modules/typescript/bin/tsc"), "-p", ".", "--pretty", "false")).toBe("");
  });
});

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
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

/** The sources that a map names, as paths within the package. */
function sourcesOfMap(folder: string, map: string): string[] {
  const { sources }: { sources: string[] } = JSON.parse(read(folder, map));
  return sources.map((source) => posix.join(posix.dirname(map), source));
}

describe.each(published)("the tarball of packages/%s", (folder) => {
  it("is built: `npm run build` comes before the tests", () => {
    const needed = ["LICENSE", "README.md", "package.json", "dist/index.js", "dist/index.d.ts", "dist/index.d.ts.map"];
    expect(needed.filter((path) => !packedAs(folder).files.includes(path))).toEqual([]);
  });

  it("holds sources and builds only", () => {
    const expected =
      /^(LICENSE|README\.md|CHANGELOG\.md|package\.json|src\/[a-z0-9/-]+\.ts|dist\/[a-z0-9/-]+\.(js|js\.map|d\.ts|d\.ts\.map))$/;
    expect(packedAs(folder).files.filter((path) => !expected.test(path))).toEqual([]);
  });

  it("holds no secret", () => {
    const secret = /sk-ant-[\w-]{8}|npm_[A-Za-z0-9]{30}|gh[pousr]_[A-Za-z0-9]{30}|_authToken|-----BEGIN [A-Z ]*PRIVATE KEY/;
    expect(packedAs(folder).files.filter((path) => secret.test(read(folder, path)))).toEqual([]);
  });

  it("ships the source of every map, so that 'go to definition' shows it", () => {
    const { files } = packedAs(folder);
    const maps = files.filter((path) => path.endsWith(".map"));
    const dangling = maps.flatMap((map) => sourcesOfMap(folder, map).filter((source) => !files.includes(source)));
    expect(maps.length).toBeGreaterThan(0);
    expect(dangling, "a source is gone: `npm run clean` removes builds of files that no longer exist").toEqual([]);
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

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Which of our packages a package may import. Lint sees to it that sources import only what their package.json declares. */
const mayImport: Record<string, string[]> = {
  "packages/checkpoint": [],
  "packages/checkpoint-postgres": ["@holdpoint/checkpoint"],
  "packages/checkpoint-sqlite": ["@holdpoint/checkpoint"],
  "packages/checkpoint-cli": ["@holdpoint/checkpoint", "@holdpoint/checkpoint-postgres", "@holdpoint/checkpoint-sqlite"],
  "packages/core": ["@holdpoint/checkpoint"],
  "packages/prebuilt": ["@holdpoint/checkpoint", "@holdpoint/core"],
  "packages/approvals": ["@holdpoint/checkpoint", "@holdpoint/core"],
  "apps/demo": ["@holdpoint/checkpoint", "@holdpoint/checkpoint-sqlite", "@holdpoint/core", "@holdpoint/prebuilt"],
};

/** The rooms of the runtime, lowest first. A room imports rooms before it, never one after it; ARCHITECTURE.md says what each holds. */
const rooms = ["model", "plan", "save", "context", "answer", "thread", "run", "read"];
const pregel = "packages/core/src/pregel";
const inPregel = (name: string) => `${pregel}/${name}.ts`;
/** The files that only decide: they take data and return data, like everything in channels, control, state, and the rooms model and plan. */
const deciding = ["answer/resolve-resume", "read/snapshot", "save/read-control", "save/saved-tasks"].map(inPregel);
/** The files through which core acts: they wait, read context, call savers and user code. No file that decides reaches one. */
const acting = [
  "compiled-graph",
  "context/event-stream",
  "context/interrupt",
  "context/run-context",
  "run/loop",
  "run/run-task",
  "run/superstep",
  "save/persistence",
].map(inPregel);

const decides = (file: string) =>
  /^packages\/core\/src\/(channels|control|state|pregel\/model|pregel\/plan)\//.test(file) || deciding.includes(file);
const acts = (target: string) => acting.includes(target) || target === "node:async_hooks";

const valueImport = /^(?:import|export)\s+(?!type\b)(?:[^;"]*?\sfrom\s+)?"([^"]+)"|\bimport\("([^"]+)"\)/gm;
const anyImport = /^(?:import|export)\s+(?:[^;"]*?\sfrom\s+)?"([^"]+)"|\bimport\("([^"]+)"\)/gm;

function sourcesOf(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !/\.test(-d)?\.ts$/.test(path))
    .map((path) => `${folder}/${path.replaceAll("\\", "/")}`)
    .sort();
}

function importsOf(file: string, kind = valueImport): string[] {
  const code = readFileSync(join(root, file), "utf8").replace(/^\s*(?:\*|\/\/).*$/gm, "");
  return [...code.matchAll(kind)].map((match) => {
    const target = match[1] ?? match[2] ?? "";
    if (!target.startsWith(".")) return target;
    return relative(root, join(root, dirname(file), target))
      .replaceAll("\\", "/")
      .replace(/\.js$/, ".ts");
  });
}

/** Depth-first search for an import path from a file to one that is forbidden. */
function pathTo(file: string, forbidden: (target: string) => boolean, seen = new Set<string>()): string[] | undefined {
  seen.add(file);
  for (const target of importsOf(file)) {
    if (forbidden(target)) return [file, target];
    if (seen.has(target) || !target.startsWith("packages/") || !existsSync(join(root, target))) continue;
    const rest = pathTo(target, forbidden, seen);
    if (rest) return [file, ...rest];
  }
  return undefined;
}

describe("imports run one way", () => {
  it.each(Object.entries(mayImport))("%s declares only what is below it", (folder, allowed) => {
    const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies });
    expect(declared.filter((name) => name.startsWith("@holdpoint/") && !allowed.includes(name))).toEqual([]);
  });

  it("knows every package", () => {
    const folders = ["packages", "apps"].flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`));
    expect(folders.filter((folder) => existsSync(join(root, folder, "package.json"))).sort()).toEqual(Object.keys(mayImport).sort());
  });

  it("keeps core and below free of dependencies", () => {
    for (const folder of [
      "packages/approvals",
      "packages/checkpoint",
      "packages/checkpoint-cli",
      "packages/checkpoint-postgres",
      "packages/checkpoint-sqlite",
      "packages/core",
    ]) {
      const { dependencies = {} } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
      expect(Object.keys(dependencies).filter((name) => !name.startsWith("@holdpoint/"))).toEqual([]);
    }
  });
});

describe("core decides purely and acts in one place", () => {
  it("has no path from a file that decides to one that acts", () => {
    expect(
      sourcesOf("packages/core/src")
        .filter(decides)
        .flatMap((file) => pathTo(file, acts)?.join(" -> ") ?? []),
    ).toEqual([]);
  });

  it("takes no module of Node at run time where it decides", () => {
    const takes = (file: string) => readFileSync(join(root, file), "utf8").includes("getBuiltinModule");
    expect(sourcesOf("packages/core/src").filter((file) => decides(file) && takes(file))).toEqual([]);
  });

  it("names only files that exist", () => {
    expect([...deciding, ...acting].filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });
});

describe("the runtime's rooms", () => {
  const inside = sourcesOf(pregel);
  const roomOf = (file: string) => /^packages\/core\/src\/pregel\/([^/]+)\//.exec(file)?.[1];
  // What stands in no room comes after all of them, as does what is built on the runtime.
  const floorOf = (file: string) => rooms.indexOf(roomOf(file) ?? "") + 1 || rooms.length + 1;
  const isOrdered = (file: string) => /^packages\/core\/src\/(functional|graph|pregel|strict|index\.ts$)/.test(file);

  it("hold every file but the graph itself", () => {
    expect([...new Set(inside.map(roomOf))].sort()).toEqual([...rooms, undefined].sort());
    expect(inside.filter((file) => roomOf(file) === undefined)).toEqual([inPregel("compiled-graph")]);
  });

  it("import none that comes later, type imports included", () => {
    const later = inside.flatMap((file) =>
      importsOf(file, anyImport)
        .filter((target) => isOrdered(target) && floorOf(target) > floorOf(file))
        .map((target) => `${file} -> ${target}`),
    );
    expect(later).toEqual([]);
  });
});

describe("files are named after what they export", () => {
  const files = Object.keys(mayImport).flatMap((folder) => sourcesOf(`${folder}/src`));

  it("has no drawer for odds and ends", () => {
    expect(files.filter((file) => /^(utils?|helpers?|misc|common|shared)\.ts$/.test(basename(file)))).toEqual([]);
  });
});

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
export const published = ["approvals", "checkpoint", "checkpoint-cli", "checkpoint-postgres", "checkpoint-sqlite", "core", "prebuilt"];

export interface PackedPackage {
  readonly name: string;
  readonly tarball: string;
  readonly files: readonly string[];
}

interface CommandResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly output: string;
}

/** Runs a program to its end, as a user would: without the variables that `npm test` sets for its own child processes. */
export function run(program: string, args: readonly string[], cwd: string): CommandResult {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(npm_(package|lifecycle|command|config_local_prefix)|NODE_ENV|VITEST)/.test(name),
  );
  const shell = process.platform === "win32" && program === "npm";
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: "utf8", shell, env: Object.fromEntries(inherited) });
  return { status, stdout, output: stdout + stderr };
}

/** `npm pack` of every published package, into a folder. */
export function packAll(destination: string): PackedPackage[] {
  const workspaces = published.flatMap((folder) => ["-w", `packages/${folder}`]);
  const { status, stdout, output } = run("npm", ["pack", ...workspaces, "--pack-destination", destination, "--json"], root);
  if (status !== 0) throw new Error(`npm pack failed:\n${output}`);
  const packed: { name: string; filename: string; files: { path: string }[] }[] = JSON.parse(stdout);
  return packed.map(({ name, filename, files }) => ({ name, tarball: join(destination, filename), files: files.map((file) => file.path) }));
}

function lockedVersion(name: string): string {
  const lock: { packages: Record<string, { version: string }> } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const entry = lock.packages[`node_modules/${name}`];
  if (!entry) throw new Error(`${name} is not in package-lock.json`);
  return `${name}@${entry.version}`;
}

/** An empty project with nothing in it but the tarballs, their peers and the scripts of `fixtures/consumer`. */
export function installInto(folder: string, tarballs: readonly string[]): CommandResult {
  mkdirSync(folder);
  cpSync(join(root, "test/fixtures/consumer"), folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  const peers = ["@langchain/core", "libsql", "pg", "zod", "@types/node"].map(lockedVersion);
  const options = ["--prefer-offline", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"];
  return run("npm", ["install", ...options, ...tarballs, ...peers], folder);
}

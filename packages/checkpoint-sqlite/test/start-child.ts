import { type ChildProcessByStdio, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const BUILT = fileURLToPath(new URL("../dist/index.js", import.meta.url));

export interface Child {
  readonly process: ChildProcessByStdio<null, Readable, null>;
  /** What it said so far. */
  readonly said: Record<string, unknown>[];
  /** Resolves when it has ended and everything it said was read. */
  readonly ended: Promise<number | null>;
}

/** Starts a script of this folder on the built package. What still runs when the test ends is killed. */
export function startChild(args: readonly string[], onSay?: (count: number) => void, script = "child.mjs"): Child {
  if (!existsSync(BUILT)) throw new Error("This test runs the built package in child processes. Build it first: npm run build");
  const process_ = spawn(process.execPath, ["--no-warnings", fileURLToPath(new URL(script, import.meta.url)), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void process_.kill("SIGKILL"));
  const said: Record<string, unknown>[] = [];
  const lines = createInterface({ input: process_.stdout });
  lines.on("line", (line) => {
    said.push(JSON.parse(line) as Record<string, unknown>);
    onSay?.(said.length);
  });
  const closed = new Promise<void>((resolve) => lines.on("close", resolve));
  const ended = new Promise<number | null>((resolve) => process_.on("close", (code) => void closed.then(() => resolve(code))));
  return { process: process_, said, ended };
}

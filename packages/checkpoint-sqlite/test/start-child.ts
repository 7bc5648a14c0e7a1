import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const CHILD = fileURLToPath(new URL("child.mjs", import.meta.url));
const BUILT = fileURLToPath(new URL("../dist/index.js", import.meta.url));

/** Starts test/child.mjs on the built package; `ended` resolves to its exit code. */
export function startChild(args: readonly string[]): { readonly ended: Promise<number | null> } {
  if (!existsSync(BUILT)) throw new Error("This test runs the built package in child processes. Build it first: npm run build");
  const child = spawn(process.execPath, ["--no-warnings", CHILD, ...args], { stdio: "inherit" });
  return { ended: new Promise((resolve) => child.once("close", resolve)) };
}

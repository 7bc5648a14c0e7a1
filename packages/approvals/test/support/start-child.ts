import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const CHILD = fileURLToPath(new URL("../child.mjs", import.meta.url));
const BUILT = fileURLToPath(new URL("../../dist/index.js", import.meta.url));

/** Runs test/child.mjs on the built packages to its end; resolves to what it said. */
export async function runChild(...args: readonly string[]): Promise<Record<string, unknown>[]> {
  if (!existsSync(BUILT)) throw new Error("This test runs the built packages in child processes. Build them first: npm run build");
  const child = spawn(process.execPath, ["--no-warnings", CHILD, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const said: Record<string, unknown>[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => said.push(JSON.parse(line) as Record<string, unknown>));
  const closed = new Promise<void>((resolve) => lines.on("close", resolve));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  await closed;
  if (code !== 0) throw new Error(`child.mjs ${args[0]} ended with ${code}`);
  return said;
}

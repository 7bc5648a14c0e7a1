// Several processes answer the same questions on one SQLite file at once: each question has one winner, and its side effect happens once.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import type { CompiledGraph } from "../../src/index.js";

// Plain JavaScript, since the processes run it as it is.
const shared: string = "./graph.mjs";
const { openGraph } = (await import(shared)) as { openGraph: (file: string, effects: string) => CompiledGraph };

const THREADS = 30;
const PROCESSES = 4;
const folder = mkdtempSync(join(tmpdir(), "holdpoint-race-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Said {
  readonly id: string;
  readonly outcome: string;
  readonly recorded?: string;
}

function compete(args: readonly string[]): Promise<Said[]> {
  const built = fileURLToPath(new URL("../../dist/index.js", import.meta.url));
  if (!existsSync(built)) throw new Error('This test starts processes that use the built packages. Run "npm run build" first.');
  const child = spawn(process.execPath, ["--no-warnings", fileURLToPath(new URL("child.mjs", import.meta.url)), ...args]);
  let output = "";
  let errors = "";
  child.stdout.on("data", (data) => {
    output += data;
  });
  child.stderr.on("data", (data) => {
    errors += data;
  });
  return new Promise((resolve, reject) => {
    child.once("close", (code) => {
      if (code !== 0) reject(new Error(`A process ended with ${code}: ${errors}`));
      else
        resolve(
          output
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line) as Said),
        );
    });
  });
}

it("hundreds of conflicting decisions have one winner each, and one effect each", async () => {
  const file = join(folder, "threads.db");
  const effects = join(folder, "effects");
  const graph = openGraph(file, effects);
  const questions: { thread: string; id: string; name: string }[] = [];
  for (let index = 0; index < THREADS; index++) {
    const thread = `t${index}`;
    const paused = await graph.invoke({}, { configurable: { thread_id: thread } });
    for (const { id, value } of paused.__interrupt__ ?? []) questions.push({ thread, id, name: String(value) });
  }
  expect(questions).toHaveLength(3 * THREADS);

  const list = JSON.stringify(questions.map(({ thread, id }) => ({ thread, id })));
  const said = await Promise.all(Array.from({ length: PROCESSES }, (_, me) => compete([file, effects, `p${me}`, list])));

  const happened = readFileSync(effects, "utf8").trim().split("\n");
  expect(new Set(happened).size).toBe(happened.length);
  expect(happened).toHaveLength(questions.length);
  for (const { thread, id, name } of questions) {
    const winners = said.flatMap((lines, me) => lines.filter((line) => line.id === id && line.outcome === "won").map(() => `p${me}`));
    expect(winners).toHaveLength(1);
    expect(happened).toContain(`${thread} ${name} ${winners[0]}`);
    const losers = said.flat().filter((line) => line.id === id && line.outcome !== "won");
    expect(losers.map(({ outcome, recorded }) => [outcome, recorded])).toEqual(Array(PROCESSES - 1).fill(["ALREADY_DECIDED", winners[0]]));
    const { values } = await graph.getState({ configurable: { thread_id: thread } });
    expect((values as { done: string[] }).done).toContain(`${name}=${winners[0]}`);
  }
}, 120_000);

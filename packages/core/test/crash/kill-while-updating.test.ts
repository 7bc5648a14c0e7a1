// A process that is killed within bulkUpdateState leaves the first steps, each as a whole, and a thread that is free.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SqliteSaver } from "@holdpoint/checkpoint-sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Annotation, START, StateGraph } from "../../src/index.js";
import { collect, log } from "../support/run.js";

const packages = fileURLToPath(new URL("../../..", import.meta.url));
const home = mkdtempSync(join(tmpdir(), "holdpoint-crash-"));
const child = join(home, "updating-child.mjs");
const STEPS = 5;

/** Copies the built packages, so that nobody who builds them meanwhile changes what the processes run. */
function installBuilt(): void {
  for (const name of ["checkpoint", "checkpoint-sqlite", "core"]) {
    const dist = join(packages, name, "dist");
    if (!existsSync(join(dist, "index.js"))) throw new Error(`These tests use the built packages. Run "npm run build" first.`);
    cpSync(dist, join(home, "node_modules/@holdpoint", name, "dist"), { recursive: true });
    cpSync(join(packages, name, "package.json"), join(home, "node_modules/@holdpoint", name, "package.json"));
  }
  symlinkSync(join(packages, "../node_modules/libsql"), join(home, "node_modules/libsql"));
  cpSync(fileURLToPath(new URL("updating-child.mjs", import.meta.url)), child);
}

/** Lets one process update the thread. @returns the checkpoints that it was told are saved */
function live(file: string, moment: string, number: number, order: string): { killed: boolean; acknowledged: string[] } {
  const args = ["--no-warnings", child, file, moment, String(number), order];
  const { signal, stdout, stderr } = spawnSync("node", args, { encoding: "utf8", timeout: 30_000 });
  if (stderr !== "") throw new Error(stderr);
  return { killed: signal === "SIGKILL", acknowledged: stdout.split("\n").filter(Boolean) };
}

const expected = (steps: number) => ({
  log: Array.from({ length: steps }, (_, step) => [`a${step}`, `b${step}`]).flat(),
  also: Array.from({ length: steps }, (_, step) => `b${step}`),
});

describe("kill -9 within bulkUpdateState", () => {
  beforeAll(installBuilt);
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it.each(["one by one", "ordered"])(
    "leaves whole steps, and all that were acknowledged (%s)",
    async (order) => {
      const lengths = new Set<number>();
      for (const moment of ["before", "turn", "after"]) {
        for (let number = 1; number <= STEPS; number++) {
          const file = join(home, `${order}-${moment}-${number}.db`);
          const { killed, acknowledged } = live(file, moment, number, order);
          expect([moment, number, killed]).toEqual([moment, number, true]);
          const saver = SqliteSaver.fromConnString(file);
          const graph = new StateGraph(Annotation.Root({ log: log(), also: log() }))
            .addNode({ a: () => ({}), b: () => ({}) })
            .addEdge(START, "a")
            .addEdge(START, "b")
            .compile({ checkpointer: saver });
          const config = { configurable: { thread_id: "thread" } };
          const states = (await collect(graph.getStateHistory(config))).reverse();
          lengths.add(states.length);
          expect(states.map(({ values }) => values)).toEqual(states.map((_, index) => expected(index + 1)));
          expect(states.slice(0, acknowledged.length).map((state) => state.config.configurable!.checkpoint_id)).toEqual(acknowledged);
          // The thread is free at once, and goes on.
          await graph.updateState(config, { log: ["after"] }, "a");
          expect((await graph.getState(config)).values.log).toEqual([...expected(states.length).log, "after"]);
          saver.close();
        }
      }
      expect(Math.min(...lengths)).toBe(0);
      expect(Math.max(...lengths)).toBe(STEPS);
    },
    120_000,
  );
});

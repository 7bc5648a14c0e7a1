// The suite can run with another default durability (HOLDPOINT_TEST_DURABILITY): here it is seen to be in force, in this process and in those that tests start.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import * as core from "../../src/index.js";
import { collect, LogState, newThread, savesEachStep } from "../support/run.js";

// Plain JavaScript, since the process runs it as it is.
const shared: string = "./trace.mjs";
const { trace } = (await import(shared)) as { trace: (from: typeof core) => Promise<string> };

const expected = {
  sync: "saved saved one saved two saved",
  async: "one two saved saved saved saved",
  exit: "one two saved",
}[process.env.HOLDPOINT_TEST_DURABILITY ?? "sync"];

it("a run that names no mode goes by the default", async () => {
  expect(await trace(core)).toBe(expected);
});

it("and so does one on the built packages, in a process of its own", () => {
  const { stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(new URL("trace.mjs", import.meta.url))], { encoding: "utf8" });
  expect([stdout, stderr]).toEqual([expected, ""]);
});

it.each([
  [{ checkpointDuring: false }, 1],
  [{ checkpointDuring: false, durability: "sync" }, 3],
  [{ checkpointDuring: true, ...savesEachStep }, 3],
] as const)("LangGraph's older name of it counts where durability says nothing: %j", async (config, saves) => {
  const { MemorySaver, START, StateGraph } = core;
  const graph = new StateGraph(LogState)
    .addNode("one", () => ({ log: ["one"] }))
    .addEdge(START, "one")
    .compile({ checkpointer: new MemorySaver() });
  const thread = newThread();
  await graph.invoke({}, { ...thread, ...config });
  expect(await collect(graph.getStateHistory(thread))).toHaveLength(saves);
});

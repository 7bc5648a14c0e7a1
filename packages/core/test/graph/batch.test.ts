import { describe, expect, it, onTestFinished } from "vitest";
import { GraphError, MemorySaver, registerBridge, START, StateGraph } from "../../src/index.js";
import { errorOf, graphErrorOf, LogState, newThread, sleep } from "../support/run.js";

/** A graph that takes a while, fails at "bad", and counts how many of its runs are under way. */
function slow(wait = 5) {
  const counts = { under: 0, most: 0, begun: 0, ended: 0 };
  const graph = new StateGraph(LogState)
    .addNode("work", async ({ answer }, { metadata }) => {
      counts.begun++;
      counts.most = Math.max(counts.most, ++counts.under);
      await sleep(answer === "bad" ? 1 : wait);
      counts.under--;
      if (answer === "bad") throw new Error("bad input");
      counts.ended++;
      return { log: [`${answer} ${metadata.name ?? ""}`.trim()] };
    })
    .addEdge(START, "work");
  return { graph, counts };
}

const inputs = (...answers: unknown[]) => answers.map((answer) => ({ answer }));
const logs = (results: readonly { log: string[] }[]) => results.map(({ log }) => log);

describe("batch", () => {
  it("runs all inputs at once, and gives the results in their order", async () => {
    const { graph, counts } = slow();
    expect(logs(await graph.compile().batch(inputs("a", "b", "c")))).toEqual([["a"], ["b"], ["c"]]);
    expect(counts.most).toBe(3);
    expect(await graph.compile().batch([])).toEqual([]);
  });

  it("bounds the runs under way, by the config or by its own option, of which the config counts first", async () => {
    for (const [config, batchOptions, most] of [
      [{ maxConcurrency: 2 }, {}, 2],
      [{}, { maxConcurrency: 1 }, 1],
      [{ maxConcurrency: 2 }, { maxConcurrency: 1 }, 2],
    ] as const) {
      const { graph, counts } = slow();
      expect(logs(await graph.compile().batch(inputs(1, 2, 3, 4, 5), config, batchOptions))).toHaveLength(5);
      expect(counts.most).toBe(most);
    }
  });

  it("rejects with the first failure when those under way have ended, and begins no further one", async () => {
    const { graph, counts } = slow();
    const error = await errorOf(graph.compile().batch(inputs("a", "bad", "c", "d"), {}, { maxConcurrency: 2 }));
    expect(error.message).toBe("bad input");
    expect(counts).toMatchObject({ begun: 2, ended: 1, under: 0 });
  });

  it("gives errors in their places where asked to", async () => {
    const results = await slow()
      .graph.compile()
      .batch(inputs("a", "bad", "c"), {}, { maxConcurrency: 1, returnExceptions: true });
    expect(results).toEqual([{ log: ["a"], answer: "a" }, new Error("bad input"), { log: ["c"], answer: "c" }]);
  });

  it("takes a config for each input", async () => {
    const graph = slow().graph.compile({ checkpointer: new MemorySaver() });
    const configs = ["one", "two"].map((name) => ({ ...newThread(), metadata: { name } }));
    expect(logs(await graph.batch(inputs("a", "b"), configs))).toEqual([["a one"], ["b two"]]);
    expect((await graph.getState(configs[1]!)).values.log).toEqual(["b two"]);
    const error = await graphErrorOf(graph.batch(inputs("a", "b"), [configs[0]!]));
    expect([error.code, error.message]).toEqual(["INVALID_CONFIG", expect.stringContaining("1 configs for 2 inputs")]);
  });

  it("gives an id of a run that is for all of them to the first alone", async () => {
    const ids: unknown[] = [];
    registerBridge({ observe: ({ kind, runId }) => void (kind === "graph" && ids.push(runId)) as undefined });
    onTestFinished(() => registerBridge({}));
    await slow().graph.compile().batch(inputs("a", "b"), { runId: "one", callbacks: [] });
    expect(ids).toEqual(["one", undefined]);
  });

  it("lets no two runs have one thread, unless they stand in line", async () => {
    const graph = slow().graph.compile({ checkpointer: new MemorySaver() });
    expect((await graphErrorOf(graph.batch(inputs("a", "b"), newThread()))).code).toBe("THREAD_BUSY");
    const inLine = await graph.batch(inputs("a", "b"), { ...newThread(), multitaskStrategy: "enqueue" });
    expect(logs(inLine)).toEqual([["a"], ["a", "b"]]);
  });

  it.each([0, -1, 1.5, Number.NaN])("refuses to run %s at a time", async (maxConcurrency) => {
    const batch = slow().graph.compile().batch(inputs("a"), {}, { maxConcurrency });
    expect(GraphError.is(await errorOf(batch), "INVALID_CONFIG")).toBe(true);
  });
});

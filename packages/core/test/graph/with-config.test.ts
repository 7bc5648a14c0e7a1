import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { type GraphConfig, interrupt, MemorySaver, START, StateGraph } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { collect, LogState, log, newThread, questions } from "../support/run.js";

/** A graph whose one node notes what it was told. */
function noting(name = "note") {
  const seen: Record<string, unknown>[] = [];
  const graph = new StateGraph({ log: log() })
    .addNode(name, (_, { tags, metadata, configurable, context, recursionLimit }) => {
      const { m, both } = metadata;
      const { checkpoint_ns: _ns, ...own } = configurable;
      seen.push({ tags: [...tags], m, both, configurable: own, context, recursionLimit });
      return { log: [name] };
    })
    .addEdge(START, name);
  return { graph, seen };
}

const outer: GraphConfig = {
  tags: ["outer"],
  metadata: { both: "outer" },
  configurable: { k: "outer" },
  context: { who: "outer" },
  recursionLimit: 9,
};
const bound: GraphConfig = {
  tags: ["bound"],
  metadata: { m: 1, both: "bound" },
  configurable: { k: "bound", only: 1 },
  context: { who: "bound" },
  recursionLimit: 7,
};
const OUTER_FIRST = {
  tags: ["bound", "outer"],
  m: 1,
  both: "outer",
  configurable: { k: "outer", only: 1 },
  context: { who: "outer" },
  recursionLimit: 9,
};

describe("withConfig", () => {
  it("stands under the config of each call, and leaves the graph as it was", async () => {
    const { graph, seen } = noting();
    const plain = graph.compile({ name: "plain" });
    const withOne = plain.withConfig(bound);
    await withOne.invoke({});
    await withOne.invoke({}, outer);
    await collect(withOne.stream({}, outer));
    await plain.invoke({});
    expect(seen).toEqual([
      { tags: ["bound"], m: 1, both: "bound", configurable: { k: "bound", only: 1 }, context: { who: "bound" }, recursionLimit: 7 },
      OUTER_FIRST,
      OUTER_FIRST,
      { tags: [], m: undefined, both: undefined, configurable: {}, context: undefined, recursionLimit: 25 },
    ]);
    expect([withOne.getName(), withOne.getName("Agent"), plain.config]).toEqual(["plain", "plainAgent", undefined]);
  });

  it("adds to what an earlier one said; undefined says nothing", async () => {
    const { graph, seen } = noting();
    await graph.compile().withConfig(bound).withConfig(outer).invoke({}, { recursionLimit: undefined, tags: undefined });
    expect(seen).toEqual([OUTER_FIRST]);
  });

  it("of a graph that is a node: what the graph around says comes first", async () => {
    const { graph, seen } = noting();
    const inner = graph.compile().withConfig(bound);
    const around = new StateGraph({ log: log() }).addNode("inner", inner).addEdge(START, "inner").compile();
    await around.invoke({}, outer);
    await around.invoke({});
    expect(seen[0]).toEqual(OUTER_FIRST);
    expect(seen[1]).toMatchObject({ configurable: { k: "bound", only: 1 }, context: { who: "bound" }, recursionLimit: 7 });
  });

  it.each([true, false])("of a graph that is called with the node's runtime, or as a function (runtime: %s)", async (handsOn) => {
    const { graph, seen } = noting();
    const inner = graph.compile().withConfig(bound);
    const around = new StateGraph({ log: log() })
      .addNode("call", async (_, runtime) => ({ log: (await inner.invoke({}, handsOn ? runtime : undefined)).log }))
      .addEdge(START, "call")
      .compile();
    expect((await around.invoke({}, outer)).log).toEqual(["note"]);
    // Called as a function its own config is what the call says.
    const own = {
      ...OUTER_FIRST,
      tags: ["bound"],
      both: "bound",
      configurable: { k: "bound", only: 1 },
      context: { who: "bound" },
      recursionLimit: 7,
    };
    expect(seen).toEqual([handsOn ? OUTER_FIRST : own]);
  });

  it("has either signal stop the run, and the shorter timeout", async () => {
    const waiting = new StateGraph({ log: log() })
      .addNode(
        "wait",
        (_, { signal }) => new Promise<void>((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
      )
      .addEdge(START, "wait")
      .compile();
    for (const first of [true, false]) {
      const stops = [new AbortController(), new AbortController()] as const;
      setTimeout(() => stops[first ? 0 : 1].abort(), 5);
      const stopped = waiting.withConfig({ signal: stops[0].signal }).invoke({}, { signal: stops[1].signal });
      await expect(stopped).rejects.toMatchObject({ code: "ABORTED" });
      await expect(waiting.withConfig({ timeout: first ? 5 : 60_000 }).invoke({}, { timeout: first ? 60_000 : 5 })).rejects.toMatchObject({
        code: "ABORTED",
      });
    }
  }, 5_000);

  it("listens once to each signal, whatever the number of runs and layers, and not after them", async () => {
    const signals = Array.from({ length: 3 }, () => new AbortController().signal);
    const listeners = () => signals.map((signal) => getEventListeners(signal, "abort").length);
    const during: number[][] = [];
    const graph = new StateGraph({ log: log() })
      .addNode("look", async () => {
        during.push(listeners());
      })
      .addEdge(START, "look")
      .compile()
      .withConfig({ signal: signals[0]! })
      .withConfig({ signal: signals[1]! });
    await Promise.all([1, 2].map(() => graph.invoke({ log: [] }, { signal: signals[2]! })));
    expect(during).toEqual([
      [1, 1, 1],
      [1, 1, 1],
    ]);
    expect(listeners()).toEqual([0, 0, 0]);
  });
});

describe.each(eachSaver)("withConfig, on $name", ({ open }) => {
  it("names the thread for all that a graph does, and pauses as a node of another one's thread", async () => {
    const config = newThread();
    const asking = new StateGraph(LogState).addNode("ask", () => ({ log: [String(interrupt("?"))] })).addEdge(START, "ask");
    const graph = asking.compile({ checkpointer: open().saver }).withConfig(config);
    expect(questions((await graph.invoke({ answer: 1 })).__interrupt__)).toEqual(["?"]);
    await graph.updateState({}, { answer: 2 });
    expect((await graph.getState({})).values).toEqual({ log: [], answer: 2 });
    const sources = (await collect(graph.getStateHistory({}))).map(({ metadata }) => metadata?.source);
    // In the mode "exit" a run saves its last step alone.
    expect(sources.slice(0, 2)).toEqual(["update", "loop"]);
    expect(await graph.getDecisions({})).toEqual([]);

    const other = newThread();
    const around = new StateGraph(LogState).addNode("inner", graph).addEdge(START, "inner").compile({ checkpointer: open().saver });
    expect(questions((await around.invoke({ answer: 3 }, other)).__interrupt__)).toEqual(["?"]);
    expect((await around.getState(other)).next).toEqual(["inner"]);
    expect((await graph.getState({})).values).toEqual({ log: [], answer: 2 });
  });

  it("takes no thread of its own where it is a node, nor does what runs there", async () => {
    const graph = noting().graph.compile({ checkpointer: open().saver }).withConfig(newThread());
    const around = new StateGraph(LogState).addNode("inner", graph).addEdge(START, "inner").compile();
    expect((await around.invoke({})).log).toEqual(["note"]);
    expect((await graph.getState({})).values).toEqual({});
  });
});

describe("graphs inside of a graph", () => {
  const leaf = noting("leaf").graph.compile({ name: "leaf graph" });
  const middle = new StateGraph({ log: log() }).addNode("leaf", leaf).addEdge(START, "leaf").compile({ name: "middle graph" });
  const top = new StateGraph({ log: log() }).addNode({ middle, other: leaf }).addEdge(START, "middle").addEdge(START, "other").compile();

  it("are given by name, those further inside too, or the one at a place", async () => {
    const names = (...args: Parameters<typeof top.getSubgraphs>) =>
      [...top.getSubgraphs(...args)].map(([name, graph]) => [name, graph.getName()]);
    const middleAndOther = [
      ["middle", "middle graph"],
      ["other", "leaf graph"],
    ];
    expect(names()).toEqual(middleAndOther);
    expect(names(undefined, true)).toEqual([middleAndOther[0], ["middle|leaf", "leaf graph"], middleAndOther[1]]);
    expect(names("middle")).toEqual([middleAndOther[0]]);
    expect(names("middle", true)).toEqual([middleAndOther[0]]);
    expect(names("middle|leaf", true)).toEqual([["middle|leaf", "leaf graph"]]);
    expect(names("middle|leaf")).toEqual([]);
    expect(names("mid", true)).toEqual([]);
    expect(await collect(top.getSubgraphsAsync("middle|leaf", true))).toEqual([...top.getSubgraphs("middle|leaf", true)]);
    expect(await top.getGraphAsync()).toBe(top.getGraph());
  });
});

it("a graph with a config of its own is saved and resumed like the one without", async () => {
  const saver = new MemorySaver();
  const config = newThread();
  const asking = new StateGraph(LogState).addNode("ask", () => ({ log: [String(interrupt("?"))] })).addEdge(START, "ask");
  await asking.compile({ checkpointer: saver }).withConfig(config).invoke({});
  expect((await asking.compile({ checkpointer: saver }).getState(config)).next).toEqual(["ask"]);
});

import * as peer from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import * as core from "../../index.js";
import { Annotation, Command, END, entrypoint, InMemoryStore, interrupt, MemorySaver, START, StateGraph } from "../../index.js";

const build = (from: typeof core) => {
  const State = from.Annotation.Root({
    x: from.Annotation<number>(),
    log: from.Annotation<string[], string[]>({ reducer: (all, more) => all.concat(more), default: () => [] }),
  });
  const inner = new from.StateGraph(State)
    .addNode("in", () => ({ log: ["sub"] }))
    .addEdge(from.START, "in")
    .compile();
  return new from.StateGraph(State)
    .addNode("add", ({ x }) => ({ x: x + 1 }), { metadata: { model: "m" }, ends: ["ask"] })
    .addNode("go", () => new from.Command({ goto: "add" }), { ends: ["add"] })
    .addNode("ask", () => ({ x: from.interrupt<number>("?") }))
    .addNode("sub", inner as never)
    .addEdge(from.START, "add")
    .addEdge("add", "go")
    .addEdge(["add", "go"], "ask")
    .addEdge(["ask"], "sub")
    .addEdge("sub", from.END);
};
const ours = build(core);
const theirs = build(peer as unknown as typeof core);

describe("the nodes and edges of a builder", () => {
  it("are those of LangGraph's", () => {
    const shape = ({ nodes, allEdges }: typeof ours) => ({
      nodes: Object.entries(nodes).map(([name, { metadata, ends, subgraphs }]) => [name, metadata, ends, subgraphs?.length ?? 0]),
      allEdges: [...allEdges].map(String).sort(),
    });
    expect(shape(ours)).toEqual(shape(theirs));
    expect(shape(ours).allEdges).toEqual(["__start__,add", "add,ask", "add,go", "ask,sub", "go,ask", "sub,__end__"]);
    expect([...ours.edges].map(String)).not.toContain("go,ask");
  });

  it("are to be looked at: what is done to them does nothing to the graph", () => {
    const builder = new StateGraph(Annotation.Root({ x: Annotation<number>() }))
      .addNode("add", ({ x }) => ({ x: x + 1 }), { retryPolicy: { maxAttempts: 2 }, timeout: 100 })
      .addEdge(START, "add");
    expect(builder.nodes).toEqual({ add: { retryPolicy: { maxAttempts: 2 }, timeout: 100, subgraphs: [] } });
    delete (builder.nodes as Record<string, unknown>).add;
    (builder.edges as Set<unknown>).clear();
    for (const edge of builder.allEdges) (edge as unknown as string[])[1] = "nowhere";
    expect([Object.keys(builder.nodes), [...builder.edges], [...builder.allEdges]]).toEqual([["add"], [[START, "add"]], [[START, "add"]]]);
    builder.addEdge("add", END);
    expect(builder.edges.size).toBe(2);
    builder.compile();
  });
});

describe("the nodes of a graph", () => {
  const graph = ours.compile();

  it("are those of LangGraph's, and give what theirs do", async () => {
    const look = async ({ nodes }: typeof graph) => {
      const { add, go, sub, __start__: start } = nodes;
      const command = (await go.invoke({ x: 1 })) as Command;
      return {
        names: Object.keys(nodes),
        facts: [add.metadata, sub.subgraphs?.length, go.subgraphs?.length ?? 0],
        given: [await add.invoke({ x: 1 }), command.goto, await sub.invoke({ x: 1 }), await start.invoke({ x: 1 })],
      };
    };
    expect(await look(graph)).toEqual(await look(theirs.compile() as unknown as typeof graph));
    expect((await look(graph)).given).toEqual([{ x: 2 }, ["add"], { x: 1, log: ["sub"] }, { x: 1 }]);
    expect(Object.keys(graph.nodes)).toEqual(["__start__", "add", "go", "ask", "sub"]);
  });

  it("run by themselves: with a config, the graph's store, and nothing that is saved, tried again or asked", async () => {
    let runs = 0;
    const store = new InMemoryStore();
    const saver = new MemorySaver();
    const seen = new StateGraph(Annotation.Root({ x: Annotation<unknown>() }))
      .addNode(
        "look",
        (_state, { configurable, context, store: found, metadata, tags, recursionLimit, remainingSteps, writer }) => {
          runs++;
          writer("nobody reads it");
          return { x: [configurable, context, found === store, metadata, tags, recursionLimit, remainingSteps] };
        },
        { metadata: { model: "m" } },
      )
      .addNode(
        "fail",
        async () => {
          runs++;
          throw new Error("no");
        },
        { retryPolicy: { maxAttempts: 3, initialInterval: 1 } },
      )
      .addNode("ask", (_state, runtime) => ({ x: runtime.interrupt("?") }))
      .addEdge(START, "look")
      .addEdge(START, "fail")
      .addEdge(START, "ask")
      .compile({ checkpointer: saver, store });
    expect(await seen.nodes.look.invoke({})).toEqual({ x: [{}, undefined, true, { model: "m" }, [], 25, 25] });
    const config = { configurable: { thread_id: "1" }, context: { user: "Ada" }, metadata: { by: "me" }, tags: ["t"], recursionLimit: 3 };
    expect(await seen.nodes.look.invoke({}, config as never)).toEqual({
      x: [{ thread_id: "1" }, { user: "Ada" }, true, { by: "me", model: "m" }, ["t"], 3, 3],
    });
    await expect(seen.nodes.fail.invoke({})).rejects.toThrow("no");
    expect(runs).toBe(3);
    await expect(seen.nodes.ask.invoke({}, config as never)).rejects.toMatchObject({ code: "OUTSIDE_RUN" });
    expect(await saver.getTuple({ configurable: { thread_id: "1" } })).toBeUndefined();
  });

  it("of an entrypoint are its function", async () => {
    const double = entrypoint({ name: "double" }, async (x: number) => x * 2);
    const keeping = entrypoint("keeping", async (x: number) => entrypoint.final({ value: x, save: x + 1 }));
    expect(Object.keys(double.nodes)).toEqual(Object.keys(peer.entrypoint({ name: "double" }, async (x: number) => x * 2).nodes));
    expect([await double.nodes.double?.invoke(4), await keeping.nodes.keeping?.invoke(4)]).toEqual([8, 4]);
  });

  it("change nothing of the graph, and are the same after withConfig", async () => {
    delete (graph.nodes as Record<string, unknown>).add;
    expect(Object.keys(graph.withConfig({ tags: ["t"] }).nodes)).toEqual(Object.keys(graph.nodes));
    expect(Object.keys(graph.nodes)).toContain("add");
    const odd = new StateGraph(Annotation.Root({ x: Annotation<number>() }))
      .addNode("constructor", () => ({ x: 1 }))
      .addEdge(START, "constructor")
      .compile();
    expect(Object.keys(odd.nodes)).toEqual(["__start__", "constructor"]);
  });
});

it("a node that is tried out inside of another run asks in that run", async () => {
  const State = Annotation.Root({ x: Annotation<unknown>() });
  const asking = new StateGraph(State)
    .addNode("ask", () => ({ x: interrupt("?") }))
    .addEdge(START, "ask")
    .compile();
  const outer = new StateGraph(State)
    .addNode("call", async () => (await asking.nodes.ask.invoke({})) as { x: unknown })
    .addEdge(START, "call")
    .compile({ checkpointer: new MemorySaver() });
  const thread = { configurable: { thread_id: "1" } };
  expect((await outer.invoke({}, thread)).__interrupt__).toHaveLength(1);
  expect(await outer.invoke(new Command({ resume: 5 }), thread)).toEqual({ x: 5 });
});

import * as peer from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import * as own from "../../src/index.js";
import { errorOf, graphErrorOf } from "../support/run.js";

const builderOf = (from: typeof own) => {
  const State = from.Annotation.Root({ x: from.Annotation<number>() });
  return new from.StateGraph(State)
    .addNode("a", ({ x }) => ({ x: x + 1 }), { metadata: { kind: "first" } })
    .addNode("b", () => ({}))
    .addNode("c", () => ({}))
    .addEdge(from.START, "a")
    .addEdge(from.START, "b")
    .addEdge(["a", "b"], "c")
    .addEdge("c", from.END);
};
const runtimes: [string, typeof own][] = [
  ["the peer", peer as unknown as typeof own],
  ["ours", own],
];

describe("the nodes and edges of a graph", () => {
  it.each(runtimes)("can be listed: %s", async (_, from) => {
    const builder = builderOf(from);
    expect(Object.keys(builder.nodes)).toEqual(["a", "b", "c"]);
    expect(builder.nodes.a.metadata).toEqual({ kind: "first" });
    expect([...builder.edges]).toEqual([
      ["__start__", "a"],
      ["__start__", "b"],
      ["c", "__end__"],
    ]);
    expect([...builder.allEdges].slice(3)).toEqual([
      ["a", "c"],
      ["b", "c"],
    ]);
    const { nodes } = builder.compile();
    expect(Object.keys(nodes)).toEqual(["__start__", "a", "b", "c"]);
    expect(await nodes.a.invoke({ x: 1 })).toEqual({ x: 2 });
  });

  it("are copies: a change of them changes no graph", async () => {
    const builder = builderOf(own);
    (builder.edges as Set<unknown>).clear();
    for (const edge of builder.edges) (edge as unknown as string[])[1] = "nowhere";
    (builder.nodes.a as { timeout?: number }).timeout = 1;
    delete (builder.nodes as { b?: unknown }).b;
    const graph = builder.compile();
    expect([builder.edges.size, builder.nodes.a.timeout, Object.keys(builder.nodes).length]).toEqual([3, undefined, 3]);
    expect(() => Object.assign(graph.nodes, { a: 5 })).toThrow(TypeError);
    expect(await graph.invoke({ x: 1 })).toEqual({ x: 2 });
  });

  it("a node tried by itself gets a whole second argument: what the config says, and the graph's store", async () => {
    const store = new own.InMemoryStore();
    const { look } = new own.StateGraph(own.Annotation.Root({ x: own.Annotation<unknown>() }))
      .addNode(
        "look",
        (_state, { configurable, context, store: found, metadata, tags, recursionLimit, remainingSteps, writer, interrupt }) => {
          writer("nobody reads it");
          return { x: [configurable, context, found, metadata, tags, recursionLimit, remainingSteps, interrupt === own.interrupt] };
        },
        { metadata: { model: "m" } },
      )
      .addEdge(own.START, "look")
      .compile({ store }).nodes;
    expect(await look.invoke({})).toEqual({ x: [{}, undefined, store, { model: "m" }, [], 25, 25, true] });
    const other = new own.InMemoryStore();
    const config = { configurable: { user: "u" }, context: 7, metadata: { by: "me" }, tags: ["t"], recursionLimit: 3, store: other };
    const { x } = (await look.invoke({}, config)) as { x: unknown[] };
    expect(x).toEqual([{ user: "u" }, 7, other, { by: "me", model: "m" }, ["t"], 3, 3, true]);
    expect([x[2] === other, x[2] === store]).toEqual([true, false]);
  });

  it.each(runtimes)("of an entrypoint is its function: %s", async (_, from) => {
    const double = from.entrypoint({ name: "double" }, async (x: number) => x * 2);
    expect(Object.keys(double.nodes)).toEqual(["double"]);
    if (from === own) expect(await double.nodes.double?.invoke(4)).toBe(8);
    const keeping = own.entrypoint("keeping", async (x: number) => own.entrypoint.final({ value: x, save: x + 1 }));
    expect(await keeping.nodes.keeping?.invoke(4)).toBe(4);
  });

  it("a node tried by itself gets the config, runs outside of any run, and rejects with what it throws", async () => {
    const State = own.Annotation.Root({ x: own.Annotation<unknown>() });
    const inner = new own.StateGraph(State)
      .addNode("n", () => ({ x: "inner" }))
      .addEdge(own.START, "n")
      .compile();
    const { nodes } = new own.StateGraph(State)
      .addNode("config", (_, { tags }) => ({ x: tags }))
      .addNode("ask", () => ({ x: own.interrupt("?") }))
      .addNode("fail", () => {
        throw new Error("boom");
      })
      .addNode("inner", inner)
      .addEdge(own.START, "config")
      .addEdge("config", "ask")
      .addEdge("ask", "fail")
      .addEdge("fail", "inner")
      .compile({ checkpointer: new own.MemorySaver() });
    expect(await nodes.config.invoke({}, { tags: ["t"] })).toEqual({ x: ["t"] });
    expect((await graphErrorOf(nodes.ask.invoke({}))).code).toBe("OUTSIDE_RUN");
    expect((await errorOf(nodes.fail.invoke({}))).message).toBe("boom");
    expect(await nodes.inner.invoke({})).toEqual({ x: "inner" });
    expect(await nodes.__start__.invoke(5)).toBe(5);
  });
});

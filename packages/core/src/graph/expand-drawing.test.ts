import * as peer from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import * as core from "../index.js";

type Runtime = Pick<typeof core, "StateGraph" | "Annotation" | "START" | "END">;
interface Drawing {
  readonly edges: readonly { readonly source: string; readonly target: string; readonly conditional?: boolean }[];
}

/** A graph with graphs in it, of either runtime: one of one way, with another one in it, and one that begins and ends with two. */
function nested({ StateGraph, Annotation, START, END }: Runtime) {
  const State = Annotation.Root({ x: Annotation() });
  const node = () => ({});
  const leaf = new StateGraph(State).addNode({ l1: node, l2: node }).addEdge(START, "l1").addEdge("l1", "l2").addEdge("l2", END).compile();
  const mid = new StateGraph(State).addNode({ m: node, leaf }).addEdge(START, "m").addEdge("m", "leaf").addEdge("leaf", END).compile();
  const two = new StateGraph(State).addNode({ t1: node, t2: node }).addEdge(START, "t1").addEdge(START, "t2");
  return new StateGraph(State)
    .addNode({ a: node, mid, two: two.addEdge("t1", END).addEdge("t2", END).compile() })
    .addEdge(START, "a")
    .addEdge("a", "mid")
    .addConditionalEdges("mid", () => "two", ["two", END])
    .addEdge("two", END)
    .compile();
}

const edgesOf = ({ edges }: Drawing) =>
  edges.map(({ source, target, conditional }) => `${source} ${conditional ? "?" : "-"}> ${target}`).sort();

describe("a graph with what is in its graphs", () => {
  it.each([true, 1, 2, 0, false])("has the peer's nodes and edges (xray: %s)", async (xray) => {
    const theirs = await (
      nested(peer as unknown as Runtime) as unknown as { getGraphAsync(o: object): Promise<Drawing & { nodes: object }> }
    ).getGraphAsync({ xray });
    const ours = await nested(core).getGraphAsync({ xray });
    expect(edgesOf(ours)).toEqual(edgesOf(theirs));
    expect(Object.keys(ours.nodes).sort()).toEqual(Object.keys(theirs.nodes).sort());
  });

  it("is drawn as Mermaid's subgraphs, one in the other", () => {
    const text = nested(core).getGraph({ xray: true }).drawMermaid({ withStyles: false });
    expect(text.split("\n")).toEqual([
      "graph TD;",
      "\t__start__ --> a;",
      "\ta --> mid_m;",
      "\ttwo___end__ --> __end__;",
      "\tmid_leaf_l2 -.-> two___start__;",
      "\tmid_leaf_l2 -.-> __end__;",
      "\tsubgraph mid",
      "\tsubgraph leaf",
      "\tmid_leaf_l1 --> mid_leaf_l2;",
      "\tend",
      "\tmid_m --> mid_leaf_l1;",
      "\tend",
      "\tsubgraph two",
      "\ttwo___start__ --> two_t1;",
      "\ttwo___start__ --> two_t2;",
      "\ttwo_t1 --> two___end__;",
      "\ttwo_t2 --> two___end__;",
      "\tend",
      "",
    ]);
  });

  it("keeps a start of its own where the first node is chosen", () => {
    const { StateGraph, Annotation, START } = core;
    const State = Annotation.Root({ x: Annotation() });
    const chosen = new StateGraph(State)
      .addNode("only", () => ({}))
      .addConditionalEdges(START, () => "only", ["only"])
      .compile();
    const graph = new StateGraph(State).addNode("inner", chosen).addEdge(START, "inner").compile();
    expect(edgesOf(graph.getGraph({ xray: true }))).toEqual([
      "__start__ -> inner:__start__",
      "inner:__start__ ?> inner:only",
      "inner:only -> __end__",
    ]);
  });
});

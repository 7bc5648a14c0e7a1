import { expect, it } from "vitest";
import { END, START } from "../constants.js";
import { Annotation } from "../state/annotation.js";
import { StateGraph } from "./state-graph.js";

it("draws plain and conditional ways, and the end of nodes without a way out", () => {
  const drawing = new StateGraph(Annotation.Root({ text: Annotation<string>() }))
    .addNode("ask", () => undefined)
    .addNode('say "hi"', () => undefined)
    .addNode("end here", () => undefined)
    .addEdge(START, "ask")
    .addConditionalEdges("ask", () => "yes", { yes: 'say "hi"', no: END })
    .addEdge('say "hi"', "end here")
    .compile()
    .getGraph();
  expect(drawing.nodes).toEqual(["ask", 'say "hi"', "end here"]);
  expect(drawing.drawMermaid()).toBe(
    [
      "flowchart TD",
      '  n0(["__start__"])',
      '  n1["ask"]',
      '  n2["say #quot;hi#quot;"]',
      '  n3["end here"]',
      '  n4(["__end__"])',
      "  n0 --> n1",
      "  n2 --> n3",
      '  n1 -.->|"yes"| n2',
      '  n1 -.->|"no"| n4',
      "  n3 --> n4",
    ].join("\n"),
  );
});

it("draws where a Command may go, and everywhere for an edge that may lead anywhere", () => {
  const drawing = new StateGraph(Annotation.Root({ text: Annotation<string>() }))
    .addNode("a", () => undefined, { ends: ["b"] })
    .addNode("b", () => undefined)
    .addEdge(START, "a")
    .addConditionalEdges("b", () => END)
    .compile()
    .getGraph();
  expect(drawing.edges.map(({ source, target, conditional }) => [source, target, conditional])).toEqual([
    [START, "a", false],
    ["b", "a", true],
    ["b", "b", true],
    ["b", END, true],
    ["a", "b", true],
  ]);
});

import * as peer from "@langchain/langgraph";
import { expect, it } from "vitest";
import { END, START } from "../constants.js";
import * as core from "../index.js";
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
  expect(Object.keys(drawing.nodes)).toEqual([START, "ask", 'say "hi"', "end here", END]);
  expect(drawing.firstNode()).toEqual({ id: START, name: START });
  expect(drawing.lastNode()).toEqual({ id: END, name: END });
  expect(drawing.drawMermaid().split("\n")).toEqual([
    "%%{init: {'flowchart': {'curve': 'linear'}}}%%",
    "graph TD;",
    "\t__start__([<p>__start__</p>]):::first",
    "\task(ask)",
    "\tsay__hi_(say #quot;hi#quot;)",
    "\tend_here(end here)",
    "\t__end__([<p>__end__</p>]):::last",
    "\t__start__ --> ask;",
    "\tsay__hi_ --> end_here;",
    "\task -. &nbsp;yes&nbsp; .-> say__hi_;",
    "\task -. &nbsp;no&nbsp; .-> __end__;",
    "\tend_here --> __end__;",
    "\tclassDef default fill:#f2f0ff,line-height:1.2;",
    "\tclassDef first fill-opacity:0;",
    "\tclassDef last fill:#bfb6fc;",
    "",
  ]);
});

/** The same graph of either runtime: sequences, choices with names and without, stops, notes. */
function ordinary({ StateGraph, Annotation, START, END }: Pick<typeof core, "StateGraph" | "Annotation" | "START" | "END">) {
  return new StateGraph(Annotation.Root({ text: Annotation<string>() }))
    .addNode("plan", () => ({}), { metadata: { owner: "desk", tools: ["book", "pay"], more: { left: "out" } } })
    .addNode("act", () => ({}), { ends: ["plan", END] })
    .addNode("check", () => ({}))
    .addNode("*loud*", () => ({}))
    .addEdge(START, "plan")
    .addConditionalEdges("plan", () => "go", { "go on with a label of more than nine words, which is wrapped": "act", check: "check" })
    .addEdge("check", "*loud*")
    .addEdge("*loud*", END)
    .compile({ interruptBefore: ["act", "check"], interruptAfter: ["check"] });
}

it.each([undefined, { withStyles: false }, { curveStyle: "basis", nodeColors: { default: "fill:red" }, wrapLabelNWords: 3 }])(
  "draws what LangGraph draws: %j",
  (options) => {
    const theirs = ordinary(peer as never).getGraph();
    const ours = ordinary(core).getGraph();
    expect(ours.drawMermaid(options)).toBe(theirs.drawMermaid(options));
    expect(Object.keys(ours.nodes)).toEqual(Object.keys(theirs.nodes));
    expect(ours.edges).toEqual(JSON.parse(JSON.stringify(theirs.edges)));
    expect(ours.toJSON().edges).toEqual(JSON.parse(JSON.stringify(theirs.toJSON().edges)));
  },
);

it("keeps names apart that Mermaid cannot tell, and lets none of them end its box", () => {
  const names = ["a b", "a_b", "x(y)]", "two\nlines", "subgraph", "end", "__proto__", "a;b#quot;<script>"];
  const builder = new StateGraph(Annotation.Root({ text: Annotation<string>() }));
  for (const name of names) builder.addNode(name, () => ({}));
  for (const name of names) builder.addEdge(START as never, name as never);
  const text = builder.compile().getGraph().drawMermaid();
  const boxes = text.split("\n").slice(3, 3 + names.length);
  expect(new Set(boxes.map((line) => line.slice(0, line.indexOf("(")))).size).toBe(names.length);
  for (const line of boxes) expect(line).toMatch(/^\t[\w-]+\((<p>)?[^()[\]<>{}|;"\n]*(#\w+;[^()[\]<>{}|;"\n]*)*(<\/p>)?\)$/);
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

import { describe, expect, it } from "vitest";
import { END, START } from "../constants.js";
import { GraphError } from "../errors.js";
import { Annotation } from "../state/annotation.js";
import { StateGraph } from "./state-graph.js";
import { checkOutline, checkStateKeys } from "./validate.js";

const State = Annotation.Root({ text: Annotation<string>() });
const node = () => undefined;
// Names that the types would refuse are what these tests are about.
const graph = () => new StateGraph(State) as StateGraph<typeof State, string>;

function refusal(build: () => unknown): GraphError {
  try {
    build();
  } catch (error) {
    if (GraphError.is(error)) return error;
    throw error;
  }
  throw new Error("It was accepted.");
}

describe("a node's name", () => {
  it.each([["__start__"], ["__end__"], ["__interrupt__"], ["__error__"], ["__resume__"], ["__pregel_tasks"], ["a|b"], ["a:b"], ["text"]])(
    "cannot be %j",
    (name) => {
      const error = refusal(() => graph().addNode(name, node));
      expect(error.code).toBe("RESERVED_NAME");
      expect(error.message).toContain(name);
    },
  );
  it("cannot be empty, nor something else than a string", () => {
    expect(refusal(() => graph().addNode("", node)).code).toBe("INVALID_GRAPH");
    expect(refusal(() => graph().addNode([[7 as never, node]])).code).toBe("INVALID_GRAPH");
  });
  it("cannot be given twice", () => {
    const error = refusal(() => graph().addNode("a", node).addNode("a", node));
    expect([error.code, error.message]).toEqual(["DUPLICATE_NODE", expect.stringContaining('"a"')]);
  });
  it.each([
    ["__proto__"],
    ["constructor"],
    ["toString"],
    ["hasOwnProperty"],
    ["日本語"],
    ["👩‍🔧 mechanic"],
    [" "],
    ["a+b"],
    ["a,b"],
    ["../x"],
    ["\u0000"],
    ["x".repeat(1000)],
  ])("may be %j", async (name) => {
    const compiled = graph()
      .addNode(name, () => ({ text: "ran" }))
      .addEdge(START, name)
      .compile();
    expect(await compiled.invoke({})).toEqual({ text: "ran" });
  });
});

describe("a state key", () => {
  it.each([
    ["__start__"],
    ["__interrupt__"],
    ["__control__"],
    ["__metadata__"],
    ["branch:to:x"],
    ["join:a:b"],
    ["overwrite:x"],
    ["__proto__"],
  ])("cannot be %j", (key) => {
    expect(refusal(() => checkStateKeys([key]))).toMatchObject({ code: "RESERVED_NAME" });
  });
  it("cannot be so in an input either", () => {
    const Reserved = Annotation.Root({ __interrupt__: Annotation<string>() });
    expect(refusal(() => new StateGraph(Reserved)).code).toBe("RESERVED_NAME");
    expect(refusal(() => graph().addNode("a", node, { input: Reserved })).code).toBe("RESERVED_NAME");
    expect(refusal(() => new StateGraph(State, { input: Reserved })).code).toBe("RESERVED_NAME");
    expect(refusal(() => new StateGraph(State, { output: Reserved })).code).toBe("RESERVED_NAME");
  });
});

describe("a graph", () => {
  const mistakes: [string, () => unknown, string, RegExp][] = [
    ["an edge to nowhere", () => graph().addNode("a", node).addEdge(START, "a").addEdge("a", "b").compile(), "UNKNOWN_NODE", /"b".*has: a/],
    [
      "an edge from nowhere",
      () => graph().addNode("a", node).addEdge(START, "a").addEdge("b", "a").compile(),
      "UNKNOWN_NODE",
      /"b".*has: a/,
    ],
    [
      "a fan-in from nowhere",
      () => graph().addNode("a", node).addEdge(START, "a").addEdge(["a", "b"], END).compile(),
      "UNKNOWN_NODE",
      /"b"/,
    ],
    [
      "a conditional edge to nowhere",
      () =>
        graph()
          .addNode("a", node)
          .addEdge(START, "a")
          .addConditionalEdges("a", () => "b", ["b"])
          .compile(),
      "UNKNOWN_NODE",
      /"b"/,
    ],
    [
      "a conditional edge from nowhere",
      () =>
        graph()
          .addNode("a", node)
          .addEdge(START, "a")
          .addConditionalEdges("b", () => "a")
          .compile(),
      "UNKNOWN_NODE",
      /"b"/,
    ],
    [
      "ends to nowhere",
      () =>
        graph()
          .addNode("a", node, { ends: ["b"] })
          .addEdge(START, "a")
          .compile(),
      "UNKNOWN_NODE",
      /"b"/,
    ],
    ["no way in", () => graph().addNode("a", node).compile(), "INVALID_GRAPH", /START/],
    ["nothing in it", () => graph().compile(), "INVALID_GRAPH", /no node/],
    [
      "a node that no way leads to",
      () => graph().addNode("a", node).addNode("b", node).addEdge(START, "a").compile(),
      "UNREACHABLE_NODE",
      /"b"/,
    ],
    [
      "an island",
      () =>
        graph().addNode("a", node).addNode("b", node).addNode("c", node).addEdge(START, "a").addEdge("b", "c").addEdge("c", "b").compile(),
      "UNREACHABLE_NODE",
      /"b", "c"/,
    ],
    [
      "a stop at nowhere",
      () =>
        graph()
          .addNode("a", node)
          .addEdge(START, "a")
          .compile({ interruptBefore: ["b"] }),
      "UNKNOWN_NODE",
      /"b"/,
    ],
    ["an edge from END", () => graph().addEdge(END as never, "a"), "INVALID_GRAPH", /END/],
    ["an edge to START", () => graph().addEdge("a", START as never), "INVALID_GRAPH", /START/],
    ["a fan-in from no node", () => graph().addEdge([], "a"), "INVALID_GRAPH", /"a"/],
    ["a node that is nothing to run", () => graph().addNode("a", { run: node } as never), "INVALID_GRAPH", /"a"/],
  ];
  it.each(mistakes)("with %s is refused", (_, build, code, message) => {
    const error = refusal(build);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  it("may reach nodes by ends, by a path map, or by a conditional edge that may lead anywhere", () => {
    graph()
      .addNode("a", node, { ends: ["b"] })
      .addNode("b", node)
      .addEdge(START, "a")
      .compile();
    graph()
      .addNode("a", node)
      .addNode("b", node)
      .addEdge(START, "a")
      .addConditionalEdges("a", () => "x", { x: "b", y: END })
      .compile();
    graph()
      .addNode("a", node)
      .addNode("b", node)
      .addConditionalEdges(START, () => "a")
      .compile();
    const { edges } = graph()
      .addNode("a", node)
      .addNode("b", node)
      .addEdge(START, "a")
      .addConditionalEdges({ source: "a", path: () => true, pathMap: { true: "b" } })
      .compile()
      .getGraph();
    expect(edges).toContainEqual({ source: "a", target: "b", conditional: true, data: "true" });
    expect(refusal(() => graph().addConditionalEdges({ source: START, path: () => "a", pathmap: [] } as never)).message).toContain(
      "pathMap",
    );
  });

  it("takes no time to speak of to check, however large", () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `n${index}`);
    const ways = names.map((target, index) => ({ source: index === 0 ? START : (names[index - 1] as string), target }));
    const start = performance.now();
    checkOutline({ nodes: new Set(names), ways }, []);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

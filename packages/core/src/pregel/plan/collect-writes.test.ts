import { describe, expect, it } from "vitest";
import { END, START } from "../../constants.js";
import { Command } from "../../control/command.js";
import { Overwrite } from "../../control/overwrite.js";
import { Send } from "../../control/send.js";
import { StateGraph } from "../../graph/state-graph.js";
import { Annotation } from "../../state/annotation.js";
import { addDestination, collectWrites, commandWrites } from "./collect-writes.js";

const { program } = new StateGraph(
  Annotation.Root({ a: Annotation<unknown>(), b: Annotation<unknown>(), list: Annotation<number>({ reducer: (a, b) => a + b }) }),
)
  .addNode("here", () => undefined)
  .addNode("there", () => undefined)
  .addEdge(START, "here")
  .addEdge("here", "there")
  .compile();
const writesOf = (result: unknown) => {
  const collected = collectWrites(program, "here", result);
  return collected.kind === "writes" ? collected.writes : collected.kind;
};

describe("what a node returns", () => {
  it.each([
    ["nothing", undefined, []],
    ["null", null, []],
    [
      "an update",
      { a: 1, b: null },
      [
        ["a", 1],
        ["b", null],
      ],
    ],
    [
      "an update with undefined, which takes a plain key's value away and says nothing of one with a reducer",
      { a: undefined, b: 2, list: undefined },
      [
        ["a", undefined],
        ["b", 2],
      ],
    ],
    ["keys that the state has not", { c: 1, toString: 2, constructor: 3 }, []],
    ["an overwrite", { a: new Overwrite([1]) }, [["overwrite:a", [1]]]],
    [
      "a command",
      new Command({ update: { a: 1 }, goto: "there" }),
      [
        ["a", 1],
        ["branch:to:there", null],
      ],
    ],
    [
      "a command with a list of updates",
      new Command({
        update: [
          ["a", 1],
          ["a", 2],
        ],
      }),
      [
        ["a", 1],
        ["a", 2],
      ],
    ],
    ["a command to the end", new Command({ goto: END }), []],
    [
      "a list",
      [{ a: 1 }, new Command({ goto: ["here", new Send("there", 7)] })],
      [
        ["a", 1],
        ["branch:to:here", null],
        ["__pregel_tasks", { node: "there", args: 7 }],
      ],
    ],
    ["a command for the parent", [new Command({ update: { a: 1 }, graph: Command.PARENT })], "parent-command"],
  ])("%s", (_, result, expected) => {
    expect(writesOf(result)).toEqual(expected);
  });

  it.each([["text"], [7], [true], [[["nested"]]], [new Send("there", 1)]])("%j is refused, with the node's name", (result) => {
    expect(() => writesOf(result)).toThrow(
      expect.objectContaining({ code: "INVALID_GRAPH_NODE_RETURN_VALUE", message: expect.stringContaining('"here"') }),
    );
  });
});

describe("where a command goes", () => {
  it.each([["nowhere"], [new Send("nowhere", 1)], [undefined], [7], [START]])("%j is refused, with the nodes that there are", (target) => {
    expect(() => addDestination(program, target, [])).toThrow(
      expect.objectContaining({ code: "UNKNOWN_NODE", message: expect.stringContaining("here, there") }),
    );
  });

  it("puts updates before destinations", () => {
    expect(commandWrites(program, new Command({ goto: "there", update: { b: 1 } })).map(([channel]) => channel)).toEqual([
      "b",
      "branch:to:there",
    ]);
  });
});

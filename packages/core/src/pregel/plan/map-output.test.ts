import { expect, it } from "vitest";
import { START } from "../../constants.js";
import { StateGraph } from "../../graph/state-graph.js";
import { Annotation } from "../../state/annotation.js";
import { outputUpdate, outputValues, readOutputKeys, touchesOutput } from "./map-output.js";

const { program } = new StateGraph(Annotation.Root({ a: Annotation<number>(), b: Annotation<number>(), toString: Annotation<number>() }), {
  output: Annotation.Root({ b: Annotation<number>(), toString: Annotation<number>() }),
})
  .addNode("node", () => undefined)
  .addEdge(START, "node")
  .compile();
const { outputKeys } = program;

it("shows the keys of the output, in the order in which they were declared, where they have a value", () => {
  expect(Object.entries(outputValues(outputKeys, { toString: 3, a: 1, b: 2 }) as object)).toEqual([
    ["b", 2],
    ["toString", 3],
  ]);
  expect(outputValues(outputKeys, { a: 1 })).toEqual({});
});

it("shows a task's update: its visible keys, its overwrites by their key, repeated keys one by one", () => {
  expect(
    outputUpdate(outputKeys, [
      ["a", 1],
      ["b", 2],
      ["branch:to:node", null],
    ]),
  ).toEqual({ b: 2 });
  expect(outputUpdate(outputKeys, [["overwrite:b", 2]])).toEqual({ b: 2 });
  expect(
    outputUpdate(outputKeys, [
      ["b", 1],
      ["b", 2],
    ]),
  ).toEqual([{ b: 1 }, { b: 2 }]);
  expect(outputUpdate(outputKeys, [])).toEqual({});
});

it("knows which changes can be seen", () => {
  expect(touchesOutput(outputKeys, ["a"])).toBe(false);
  expect(touchesOutput(outputKeys, ["a", "b"])).toBe(true);
});

it("shows one key's value alone", () => {
  expect(outputValues("a", { a: 1, b: 2 })).toBe(1);
  expect(outputUpdate("a", [["b", 2]])).toBeUndefined();
  expect(outputUpdate("a", [["overwrite:a", 1]])).toBe(1);
  expect(touchesOutput("ab", ["a", "b"])).toBe(false);
  expect(touchesOutput("a", ["b", "a"])).toBe(true);
});

it("takes any keys of the state, in a list that stays as it was given", () => {
  const asked = ["a"];
  const keys = readOutputKeys(program, asked);
  asked.push("b");
  expect(keys).toEqual(["a"]);
  expect(readOutputKeys(program, "toString")).toBe("toString");
  expect(() => readOutputKeys(program, ["a", "c"])).toThrow('not "c"');
});

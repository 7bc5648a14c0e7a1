import { expect, it } from "vitest";
import { START } from "../../constants.js";
import { StateGraph } from "../../graph/state-graph.js";
import { Annotation } from "../../state/annotation.js";
import { outputUpdate, outputValues, touchesOutput } from "./map-output.js";

const { program } = new StateGraph(Annotation.Root({ a: Annotation<number>(), b: Annotation<number>(), toString: Annotation<number>() }), {
  output: Annotation.Root({ b: Annotation<number>(), toString: Annotation<number>() }),
})
  .addNode("node", () => undefined)
  .addEdge(START, "node")
  .compile();

it("shows the keys of the output, in the order in which they were declared, where they have a value", () => {
  expect(Object.entries(outputValues(program, { toString: 3, a: 1, b: 2 }) as object)).toEqual([
    ["b", 2],
    ["toString", 3],
  ]);
  expect(outputValues(program, { a: 1 })).toEqual({});
});

it("shows a task's update: its visible keys, its overwrites by their key, repeated keys one by one", () => {
  expect(
    outputUpdate(program, [
      ["a", 1],
      ["b", 2],
      ["branch:to:node", null],
    ]),
  ).toEqual({ b: 2 });
  expect(outputUpdate(program, [["overwrite:b", 2]])).toEqual({ b: 2 });
  expect(
    outputUpdate(program, [
      ["b", 1],
      ["b", 2],
    ]),
  ).toEqual([{ b: 1 }, { b: 2 }]);
  expect(outputUpdate(program, [])).toEqual({});
});

it("knows which changes can be seen", () => {
  expect(touchesOutput(program, ["a"])).toBe(false);
  expect(touchesOutput(program, ["a", "b"])).toBe(true);
});

import { describe, expect, it } from "vitest";
import { START } from "../../constants.js";
import { StateGraph } from "../../graph/state-graph.js";
import { Annotation } from "../../state/annotation.js";
import { NOTHING_NEXT } from "../model/graph-state.js";
import { prepareTasks, readState } from "./prepare-tasks.js";

const { program } = new StateGraph(Annotation.Root({ text: Annotation<string>() }))
  .addNode("zebra", () => undefined)
  .addNode("apple", () => undefined)
  .addNode("late", () => undefined, { defer: true })
  .addNode("own", () => undefined, { input: Annotation.Root({ secret: Annotation<string>() }) })
  .addEdge(START, "zebra")
  .addEdge(START, "apple")
  .addEdge(START, "late")
  .addEdge(START, "own")
  .compile();

const scope = { checkpointId: "checkpoint", ns: "" };
const prepare = (nodes: string[], sends: { node: string; args: unknown }[] = [], at = scope) =>
  prepareTasks(program, { values: { text: "hello", secret: "psst" }, control: { ...NOTHING_NEXT, nodes, sends } }, at);
const names = (...args: Parameters<typeof prepare>) => prepare(...args).map(({ name }) => name);

describe("which tasks run", () => {
  it("is none when nothing is due", () => expect(prepare([])).toEqual([]));
  it("is sends first, then nodes in the order in which they were added", () => {
    expect(names(["own", "apple", "zebra"], [{ node: "apple", args: 1 }])).toEqual(["apple", "zebra", "apple", "own"]);
  });
  it("leaves a deferred node until nothing else is due", () => {
    expect(names(["late", "zebra"])).toEqual(["zebra"]);
    expect(names(["late"], [{ node: "apple", args: 1 }])).toEqual(["apple"]);
    expect(names(["late"])).toEqual(["late"]);
  });
  it("names the nodes there are when one is gone", () => {
    expect(() => prepare(["gone"])).toThrow(
      expect.objectContaining({ code: "UNKNOWN_NODE", message: expect.stringContaining("zebra, apple, late, own") }),
    );
  });
});

describe("what a task gets", () => {
  it("is the state without others' private keys, its own keys, or what was sent", () => {
    expect(prepare(["zebra"])[0]?.input).toEqual({ text: "hello" });
    expect(prepare(["own"])[0]?.input).toEqual({ secret: "psst" });
    expect(prepare([], [{ node: "own", args: 7 }])[0]?.input).toBe(7);
  });
  it("is a copy", () => {
    const values = { text: "hello" };
    const copy = readState(values, undefined);
    copy.text = "changed";
    expect(values.text).toBe("hello");
  });
  it("has a key only where the state has a value", () => {
    expect(readState({ text: undefined, constructor: "mine" }, ["text", "constructor", "toString"])).toEqual({
      text: undefined,
      constructor: "mine",
    });
  });
});

describe("a task's id", () => {
  const idOf = (...args: Parameters<typeof prepare>) => prepare(...args).map(({ id }) => id);
  it("is the same in any process, for the same place in the same step", () => {
    expect(idOf(["zebra", "apple"])).toEqual(idOf(["apple", "zebra"]));
  });
  it("differs by checkpoint, namespace, node, and number of the send", () => {
    const send = { node: "apple", args: 1 };
    const ids = [
      ...idOf(["zebra", "apple"], [send, send]),
      ...idOf(["zebra"], [], { checkpointId: "other", ns: "" }),
      ...idOf(["zebra"], [], { checkpointId: "checkpoint", ns: "inside:1" }),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EMPTY } from "../../channels/channel.js";
import { EphemeralValue } from "../../channels/ephemeral-value.js";
import { BRANCH_PREFIX, NO_WRITES, OVERWRITE_PREFIX, RETURN, START, TASKS } from "../../constants.js";
import { GraphError } from "../../errors.js";
import { StateGraph } from "../../graph/state-graph.js";
import { Annotation } from "../../state/annotation.js";
import { type Control, type GraphState, NOTHING_NEXT, type Write } from "../model/graph-state.js";
import { applyWrites, commitChanges, type TaskWrites } from "./apply-writes.js";

const State = Annotation.Root({
  one: Annotation<string>(),
  all: Annotation<string[], string[]>({ reducer: (a, b) => a.concat(b), default: () => [] }),
  note: new EphemeralValue<string>(),
});
const nodes = ["a", "b", "c", "d"];
const { program } = new StateGraph(State)
  .addNode(nodes.slice(0, 3).map((name) => [name, () => undefined] as const))
  .addNode("d", () => undefined, { defer: true })
  .addNode("e", () => undefined)
  .addEdge(START, "a")
  .addEdge(START, "b")
  .addEdge(START, "c")
  .addEdge(START, "d")
  .addEdge(["a", "b"], "e")
  .compile();
const [join = ""] = Object.keys(program.joins);

const pull = (name: string, ...writes: Write[]): TaskWrites => ({ name, path: ["__pregel_pull", name], writes });
const push = (index: number, ...writes: Write[]): TaskWrites => ({ name: "c", path: ["__pregel_push", index], writes });
const state = (values: Record<string, unknown> = {}, control: Partial<Control> = {}): GraphState => ({
  values,
  control: { ...NOTHING_NEXT, ...control },
});
const valuesAfter = (before: GraphState, ...tasks: TaskWrites[]) => Object.fromEntries(applyWrites(program, before, tasks).values);

describe("values", () => {
  it("counts nodes by name, then sends in the order of sending", () => {
    const tasks = [push(1, ["all", ["s1"]]), pull("c", ["all", ["c"]]), push(0, ["all", ["s0"]]), pull("a", ["all", ["a"]])];
    expect(valuesAfter(state({ all: ["before"] }), ...tasks)).toEqual({ all: ["before", "a", "c", "s0", "s1"] });
  });

  it("does not depend on the order in which tasks finish, nor change what it is given", () => {
    const write = fc.oneof(
      fc.tuple(fc.constant("all"), fc.array(fc.string(), { maxLength: 3 })),
      fc.tuple(fc.constant(TASKS), fc.record({ node: fc.constantFrom(...nodes), args: fc.nat() })),
      fc.tuple(fc.constantFrom(...nodes.map((name) => BRANCH_PREFIX + name)), fc.constant(null)),
      fc.tuple(fc.constant(join), fc.constantFrom("a", "b")),
    ) as fc.Arbitrary<Write>;
    const tasks = fc
      .tuple(fc.array(fc.array(write, { maxLength: 4 }), { maxLength: 4 }), fc.array(fc.array(write, { maxLength: 4 }), { maxLength: 6 }))
      .map(([pulled, pushed]) => [
        ...pulled.map((writes, i) => pull(nodes[i] as string, ...writes)),
        ...pushed.map((writes, i) => push(i, ...writes)),
      ]);
    const shuffled = tasks.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })));
    fc.assert(
      fc.property(shuffled, ([inOrder, inChance]) => {
        const before = Object.freeze({
          values: Object.freeze({ all: Object.freeze(["x"]) }),
          control: Object.freeze({ ...NOTHING_NEXT, nodes: ["d"] }),
        });
        const [expected, got] = [inOrder, inChance].map((list) =>
          applyWrites(program, before as unknown as GraphState, Object.freeze(list)),
        );
        expect(got?.values).toEqual(expected?.values);
        expect({ ...got?.control, ran: new Set(got?.control.ran) }).toEqual({ ...expected?.control, ran: new Set(expected?.control.ran) });
      }),
    );
  });

  it("refuses two values for a plain key, and names the key", () => {
    const apply = () => applyWrites(program, state(), [pull("a", ["one", "1"]), pull("b", ["one", "2"])]);
    expect(apply).toThrow(expect.objectContaining({ code: "INVALID_CONCURRENT_GRAPH_UPDATE", message: expect.stringContaining('"one"') }));
  });

  it("takes an overwrite past the reducer and past the step's other updates", () => {
    const tasks = [pull("a", ["all", ["lost"]]), pull("b", [`${OVERWRITE_PREFIX}all`, ["fresh"]])];
    expect(valuesAfter(state({ all: ["before"] }), ...tasks)).toEqual({ all: ["fresh"] });
    expect(valuesAfter(state({ one: "before" }), pull("a", [`${OVERWRITE_PREFIX}one`, null]))).toEqual({ one: null });
  });

  it("refuses two overwrites of one key", () => {
    const over: Write = [`${OVERWRITE_PREFIX}all`, []];
    expect(() => applyWrites(program, state(), [pull("a", over), pull("b", over)])).toThrow(GraphError);
  });

  it("empties an ephemeral key after one step", () => {
    expect(valuesAfter(state({ note: "old" }), pull("a"))).toEqual({ note: EMPTY });
    expect(valuesAfter(state({ note: "old" }), pull("a", ["note", "new"]))).toEqual({ note: "new" });
    const after = state({ note: "old", one: "kept" });
    commitChanges(after, applyWrites(program, after, [pull("a")]));
    expect(after.values).toEqual({ one: "kept" });
  });

  it("says so when a saved write is for a key that the graph has not", () => {
    expect(() => applyWrites(program, state(), [pull("a", ["gone", 1])])).toThrow(expect.objectContaining({ code: "INVALID_UPDATE" }));
    expect(valuesAfter(state(), pull("a", [NO_WRITES, null], [RETURN, 1]))).toEqual({});
  });
});

describe("what runs next", () => {
  const next = (before: GraphState, ...tasks: TaskWrites[]) => applyWrites(program, before, tasks).control;

  it("is each node once, and each send", () => {
    const control = next(
      state(),
      pull("a", [`${BRANCH_PREFIX}c`, null]),
      pull("b", [`${BRANCH_PREFIX}c`, null], [TASKS, { node: "c", args: 1 }]),
    );
    expect(control).toMatchObject({ nodes: ["c"], sends: [{ node: "c", args: 1 }], ran: ["a", "b"] });
  });

  it("waits at a fan-in until all are there, in any step and any order, and is ready for the next round", () => {
    const once = next(state(), pull("b", [join, "b"]));
    expect(once).toMatchObject({ nodes: [], joins: { [join]: ["b"] } });
    const again = next(state({}, once), pull("b", [join, "b"]));
    expect(again.joins).toEqual({ [join]: ["b"] });
    const complete = next(state({}, again), pull("a", [join, "a"]));
    expect(complete).toMatchObject({ nodes: ["e"], joins: {} });
  });

  it("keeps a deferred node due as long as it has not run", () => {
    const before = state({}, { nodes: ["a", "d"] });
    expect(next(before, pull("a", [`${BRANCH_PREFIX}b`, null])).nodes).toEqual(["d", "b"]);
    expect(next(state({}, { nodes: ["d"] }), pull("d")).nodes).toEqual([]);
  });

  it("forgets a fan-in that is gone from the code", () => {
    expect(next(state(), pull("a", ["join:x|y:z", "a"]))).toMatchObject({ nodes: [], joins: {} });
  });
});

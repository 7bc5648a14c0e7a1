// `updateState(config, null, "__copy__")`, as LangGraph's studio runs a step anew.
import * as peer from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import * as core from "../../src/index.js";
import { Command, interrupt, START, StateGraph, task } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { collect, graphErrorOf, LogState, newThread, questions, savesEachStep } from "../support/run.js";

type Runtimes = typeof core;

function chain(from: Runtimes) {
  const log = from.Annotation<string[], string[]>({ reducer: (all, more) => all.concat(more), default: () => [] });
  return new from.StateGraph(from.Annotation.Root({ log }))
    .addNode({ a: () => ({ log: ["a"] }), b: () => ({ log: ["b"] }), c: () => ({ log: ["c"] }) })
    .addEdge(from.START, "a")
    .addEdge("a", "b")
    .addEdge("b", "c")
    .compile({ checkpointer: new from.MemorySaver() });
}

/** The config of the state in which a node was due. */
async function whereDue(graph: { getStateHistory: ReturnType<typeof chain>["getStateHistory"] }, thread: object, node: string) {
  const history = await collect(graph.getStateHistory(thread));
  return history.find(({ next }) => next[0] === node)!.config;
}

describe("a copy of a checkpoint is what LangGraph makes of it", () => {
  it.each([["LangGraph", peer as unknown as Runtimes] as const, ["ours", core] as const])("%s", async (_name, from) => {
    const graph = chain(from);
    const thread = newThread();
    const see = async () => {
      const { values, next, metadata } = await graph.getState(thread);
      return { values, next: [...next], source: metadata?.source };
    };
    await graph.invoke({}, { ...thread, ...savesEachStep });
    const copy = await graph.updateState(await whereDue(graph, thread, "b"), null, "__copy__");
    expect(await see()).toEqual({ values: { log: ["a"] }, next: ["b"], source: "fork" });
    expect((await graph.getState(thread)).config.configurable?.checkpoint_id).toBe(copy.configurable?.checkpoint_id);
    expect(await graph.invoke(null, thread)).toEqual({ log: ["a", "b", "c"] });
    // With updates: a copy, and a step after it.
    await graph.updateState(await whereDue(graph, thread, "b"), [[{ log: ["instead of b"] }, "b"]] as never, "__copy__");
    expect(await see()).toEqual({ values: { log: ["a", "instead of b"] }, next: ["c"], source: "update" });
    await expect(graph.updateState(newThread(), null, "__copy__")).rejects.toMatchObject({ name: "InvalidUpdateError" });
    const both = graph.bulkUpdateState(thread, [
      {
        updates: [
          { values: null, asNode: "__copy__" },
          { values: null, asNode: "b" },
        ],
      },
    ]);
    await expect(both).rejects.toMatchObject({ name: "InvalidUpdateError" });
  });
});

describe.each(eachSaver)("a copy of a checkpoint, on $name", ({ open }) => {
  it("of a state that waits asks anew: the answer to the first question does not count for the second", async () => {
    const graph = new StateGraph(LogState)
      .addNode("ask", () => ({ answer: interrupt("?") }))
      .addEdge(START, "ask")
      .compile({ checkpointer: open().saver });
    const thread = newThread();
    const [first] = (await graph.invoke({}, thread)).__interrupt__ ?? [];
    await graph.updateState(thread, null, "__copy__");
    expect((await graph.getState(thread)).next).toEqual(["ask"]);
    const late = await graphErrorOf(graph.invoke(new Command({ resume: { [first!.id]: "yes" } }), thread));
    expect(["NOTHING_TO_RESUME", "UNKNOWN_INTERRUPT"]).toContain(late.code);
    const [second] = (await graph.invoke(null, thread)).__interrupt__ ?? [];
    expect([second?.value, second?.id === first?.id]).toEqual(["?", false]);
    expect((await graph.invoke(new Command({ resume: "yes" }), thread)).answer).toBe("yes");
  });

  it("of a step under way keeps what the step has done", async () => {
    const did: string[] = [];
    const pay = task({ name: "pay", key: (to: string) => to }, async (to: string) => did.push(to));
    const graph = new StateGraph(LogState)
      .addNode("work", () => {
        did.push("work");
        return { log: ["worked"] };
      })
      .addNode("ask", async () => {
        await pay("Ada");
        return { answer: interrupt("?") };
      })
      .addEdge(START, "work")
      .addEdge(START, "ask")
      .compile({ checkpointer: open().saver });
    const thread = newThread();
    await graph.invoke({}, thread);
    await graph.updateState(thread, null, "__copy__");
    expect((await graph.getState(thread)).metadata?.source).toBe("fork");
    const paused = await graph.invoke(null, thread);
    expect([questions(paused.__interrupt__), did.sort()]).toEqual([["?"], ["Ada", "work"]]);
    expect(await graph.invoke(new Command({ resume: "yes" }), thread)).toEqual({ log: ["worked"], answer: "yes" });
    expect(did).toHaveLength(2);
  });
});

it("refuses values that are no updates of nodes, and saves nothing then", async () => {
  const graph = chain(core);
  const thread = newThread();
  await graph.invoke({}, thread);
  const before = await graph.getState(thread);
  for (const values of [{ log: ["x"] }, [], "x", [{ log: ["x"] }], [["x"]], [[{ log: ["x"] }, 7]]]) {
    const error = await graphErrorOf(graph.updateState(thread, values as never, "__copy__"));
    expect(error.code).toBe("INVALID_UPDATE");
  }
  const unknown = graph.updateState(thread, [[{ log: ["x"] }, "nobody"]] as never, "__copy__");
  expect((await graphErrorOf(unknown)).code).toBe("UNKNOWN_NODE");
  expect((await graph.getState(thread)).config).toEqual(before.config);
  expect(() => new StateGraph(LogState).addNode("__copy__", () => ({}))).toThrow(expect.objectContaining({ code: "RESERVED_NAME" }));
  const unsaved = new StateGraph(LogState)
    .addNode("a", () => ({}))
    .addEdge(START, "a")
    .compile();
  expect((await graphErrorOf(unsaved.updateState(thread, null, "__copy__"))).code).toBe("MISSING_CHECKPOINTER");
});

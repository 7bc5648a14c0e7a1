// `invoke` with a stream mode, as LangGraph has it: the chunks as a list.

import { expect, it } from "vitest";
import { Annotation, interrupt, MemorySaver, START, StateGraph } from "../../src/index.js";

const State = Annotation.Root({ list: Annotation<string[]>({ reducer: (all, more) => all.concat(more), default: () => [] }) });
const graph = new StateGraph(State)
  .addNode("a", () => ({ list: ["a"] }))
  .addNode("b", () => ({ list: ["b"] }))
  .addEdge(START, "a")
  .addEdge("a", "b")
  .compile();

it("gives the state for the mode values, and without one", async () => {
  expect(await graph.invoke({}, { streamMode: "values" } as object)).toEqual({ list: ["a", "b"] });
  expect(await graph.invoke({})).toEqual({ list: ["a", "b"] });
});

it("gives the chunks for another mode, and for several", async () => {
  expect(await graph.invoke({}, { streamMode: "updates" } as object)).toEqual([{ a: { list: ["a"] } }, { b: { list: ["b"] } }]);
  expect(await graph.invoke({ list: [] }, { streamMode: ["updates", "values"] } as object)).toEqual([
    ["values", { list: [] }],
    ["updates", { a: { list: ["a"] } }],
    ["values", { list: ["a"] }],
    ["updates", { b: { list: ["b"] } }],
    ["values", { list: ["a", "b"] }],
  ]);
});

it("shows a pause among the chunks, and rejects where the run fails", async () => {
  const asking = new StateGraph(State)
    .addNode("ask", () => ({ list: [interrupt<string>("Go on?")] }))
    .addEdge(START, "ask")
    .compile({ checkpointer: new MemorySaver() });
  const config = { configurable: { thread_id: "1" } };
  const chunks = await asking.invoke({}, { ...config, streamMode: "updates" } as object);
  expect(chunks).toMatchObject([{ __interrupt__: [{ value: "Go on?" }] }]);
  await expect(asking.invoke(null, { streamMode: "updates" } as object)).rejects.toThrow(/thread/);
});

it("shows the graph's output, or outputKeys, as invoke does", async () => {
  const hiding = new StateGraph(
    { list: State.spec.list, hidden: Annotation<string>() },
    { output: Annotation.Root({ list: Annotation<string[]> }) },
  )
    .addNode("a", () => ({ list: ["a"], hidden: "h" }))
    .addEdge(START, "a")
    .compile();
  expect(await hiding.invoke({}, { streamMode: "updates" } as object)).toEqual([{ a: { list: ["a"] } }]);
  expect(await hiding.invoke({}, { streamMode: "updates", outputKeys: ["hidden"] } as object)).toEqual([{ a: { hidden: "h" } }]);
});

// While some tasks of a step wait, what the others have written is shown, as in LangGraph; it becomes part of the state when the step ends.
import * as peer from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import * as core from "../../src/index.js";
import { Annotation, type CheckpointSaver, Command, interrupt, MemorySaver, Send, START, StateGraph } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { collect, LogState, newThread } from "../support/run.js";

const graphOn = (checkpointer: CheckpointSaver) =>
  new StateGraph(LogState)
    .addNode("ask", () => ({ log: [`${interrupt("?")}`] }))
    .addNode("done", () => ({ log: ["done"], answer: 42 }))
    .addNode("item", ((item: string) => ({ log: [item] })) as never)
    .addEdge(START, "ask")
    .addEdge(START, "done")
    .addConditionalEdges(START, () => [new Send("item", "one"), new Send("item", "two")])
    .compile({ checkpointer });

describe.each(eachSaver)("a step that waits, on $name", ({ open }) => {
  it("shows what its other tasks have written", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const so = { log: ["done", "one", "two"], answer: 42 };
    expect(await graphOn(saver).invoke({}, config)).toMatchObject(so);
    const graph = graphOn(reopen());
    const state = await graph.getState(config);
    expect([state.values, state.next]).toEqual([so, ["ask"]]);
    expect((await graph.getState(config, { subgraphs: true })).values).toEqual(so);
    // A checkpoint is what was saved as such.
    expect((await graph.getState(state.config)).values).toEqual({ log: [] });
    expect((await collect(graph.getStateHistory(config)))[0]?.values).toEqual({ log: [] });
    const ended = { log: ["yes", "done", "one", "two"], answer: 42 };
    expect(await graph.invoke(new Command({ resume: "yes" }), config)).toEqual(ended);
    expect((await graph.getState(config)).values).toEqual(ended);
  });
});

describe("what is shown of a step that waits", () => {
  /** Plays it on both runtimes. */
  async function play({ StateGraph, Annotation, START, interrupt, MemorySaver, Command }: typeof core) {
    const State = Annotation.Root({
      log: Annotation<string[], string[]>({ reducer: (all, more) => all.concat(more), default: () => [] }),
      secret: Annotation<string>(),
    });
    const graph = new StateGraph(State, { output: Annotation.Root({ log: State.spec.log }) })
      .addNode("a", () => ({ log: ["a"], secret: "s" }))
      .addNode("b", () => ({ log: [`${interrupt("?")}`] }))
      .addEdge(START, "a")
      .addEdge(START, "b")
      .compile({ checkpointer: new MemorySaver() });
    const config = { configurable: { thread_id: "1" } };
    const { __interrupt__: _, ...result } = await graph.invoke({ log: ["i"] }, config);
    const thread = { configurable: { thread_id: "2" } };
    const chunks = await collect(graph.stream({ log: ["i"] }, { ...thread, streamMode: "values" }));
    const after = await collect(graph.stream(new Command({ resume: "r" }), { ...thread, streamMode: "values" }));
    const shown = (chunk: object) => ("__interrupt__" in chunk ? "asks" : chunk);
    return { result, values: (await graph.getState(config)).values, chunks: chunks.map(shown), after: after.map(shown) };
  }

  it("is what the peer shows", async () => {
    const ours = await play(core);
    expect(ours).toEqual(await play(peer as never));
    expect(ours.result).toEqual({ log: ["i", "a"] });
    expect(ours.chunks).toEqual([{ log: ["i"] }, "asks", { log: ["i", "a"], secret: "s" }]);
  });

  it("is the state as it was, where the writes do not fit together: the step says so at its end", async () => {
    const State = Annotation.Root({ plain: Annotation<number>() });
    const graph = new StateGraph(State)
      .addNode("one", () => ({ plain: 1 }))
      .addNode("two", () => ({ plain: 2 }))
      .addNode("ask", () => void interrupt("?"))
      .addEdge(START, "one")
      .addEdge(START, "two")
      .addEdge(START, "ask")
      .compile({ checkpointer: new MemorySaver() });
    const config = newThread();
    expect(await graph.invoke({ plain: 0 }, config)).toMatchObject({ plain: 0 });
    expect((await graph.getState(config)).values).toEqual({ plain: 0 });
    await expect(graph.invoke(new Command({ resume: "yes" }), config)).rejects.toMatchObject({ code: "INVALID_CONCURRENT_GRAPH_UPDATE" });
  });
});

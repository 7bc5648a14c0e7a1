// A node takes a key's value away by returning undefined for it, as in LangGraph; a key with a reducer is left as it is.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Annotation, Command, interrupt, MemorySaver, START, StateGraph, StateSchema, UntrackedValue } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { collect, graphErrorOf, log, newThread } from "../support/run.js";

const State = Annotation.Root({ draft: Annotation<string | undefined>(), log: log(), seen: Annotation<unknown>() });

describe.each(eachSaver)("undefined in an update, on $name", ({ open }) => {
  it("takes the value away, for the nodes that follow, for results, and for whoever reads the thread", async () => {
    const { saver, reopen } = open();
    const build = () =>
      new StateGraph(State)
        .addNode("clear", () => ({ draft: undefined, log: undefined as never }))
        .addNode("look", (state) => ({ seen: ["draft" in state, interrupt("?")] }))
        .addEdge(START, "clear")
        .addEdge("clear", "look");
    const config = newThread();
    const paused = await build()
      .compile({ checkpointer: saver })
      .invoke({ draft: "text", log: ["kept"] }, config);
    expect(Object.keys(paused)).toEqual(["log", "__interrupt__"]);
    const again = build().compile({ checkpointer: reopen() });
    expect((await again.getState(config)).values).toStrictEqual({ log: ["kept"] });
    expect(await again.invoke(new Command({ resume: "ok" }), config)).toStrictEqual({ log: ["kept"], seen: [false, "ok"] });
  });

  it("counts when its task finished beside one that waits", async () => {
    const { saver, reopen } = open();
    const build = () =>
      new StateGraph(State)
        .addNode("clear", () => ({ draft: undefined }))
        .addNode("ask", () => ({ seen: interrupt("?") }))
        .addEdge(START, "clear")
        .addEdge(START, "ask");
    const config = newThread();
    await build().compile({ checkpointer: saver }).invoke({ draft: "text" }, config);
    expect(
      await build()
        .compile({ checkpointer: reopen() })
        .invoke(new Command({ resume: 1 }), config),
    ).toStrictEqual({ log: [], seen: 1 });
  });

  it("does so in updateState and in a command", async () => {
    const graph = new StateGraph(State)
      .addNode("node", () => ({ log: ["ran"] }))
      .addEdge(START, "node")
      .compile({ checkpointer: open().saver });
    const config = newThread();
    await graph.invoke({ draft: "text", seen: 1 }, config);
    await graph.updateState(config, { draft: undefined });
    expect((await graph.getState(config)).values).toStrictEqual({ log: ["ran"], seen: 1 });
    await graph.invoke(new Command({ update: { seen: undefined } }), config);
    expect((await graph.getState(config)).values).toStrictEqual({ log: ["ran"] });
  });
});

describe("undefined in an update", () => {
  it("brings a key's default back", async () => {
    const graph = new StateGraph(new StateSchema({ mood: z.string().default("calm"), word: z.string().optional() }))
      .addNode("reset", () => ({ mood: undefined, word: undefined }))
      .addEdge(START, "reset")
      .compile();
    expect(await graph.invoke({ mood: "angry", word: "no" })).toStrictEqual({ mood: "calm" });
  });

  it("is shown by the stream, and counts as one of two values of one step", async () => {
    const graph = (parallel: boolean) => {
      const builder = new StateGraph(State)
        .addNode("clear", () => ({ draft: undefined }))
        .addNode("write", () => ({ draft: "new" }))
        .addEdge(START, "clear");
      return (parallel ? builder.addEdge(START, "write") : builder.addEdge("clear", "write")).compile();
    };
    expect(await collect(graph(false).stream({ draft: "old" }))).toStrictEqual([
      { clear: { draft: undefined } },
      { write: { draft: "new" } },
    ]);
    expect((await graphErrorOf(graph(true).invoke({ draft: "old" }))).code).toBe("INVALID_CONCURRENT_GRAPH_UPDATE");
  });

  it("empties a key that is not saved", async () => {
    const graph = new StateGraph({ socket: new UntrackedValue<unknown>(), seen: Annotation<unknown>() })
      .addNode("open", () => ({ socket: () => 1 }))
      .addNode("close", () => ({ socket: undefined }))
      .addNode("look", (state) => ({ seen: "socket" in state }))
      .addEdge(START, "open")
      .addEdge("open", "close")
      .addEdge("close", "look")
      .compile();
    expect(await graph.invoke({})).toMatchObject({ seen: false });
  });

  it("leaves a key alone in an input: who passes undefined says nothing of it", async () => {
    const graph = new StateGraph(State)
      .addNode("node", () => ({}))
      .addEdge(START, "node")
      .compile({ checkpointer: new MemorySaver() });
    const config = newThread();
    expect(await graph.invoke({ draft: undefined, log: ["in"] }, config)).toStrictEqual({ log: ["in"] });
    await graph.invoke({ draft: "text" }, config);
    expect(await graph.invoke({ draft: undefined }, config)).toStrictEqual({ draft: "text", log: ["in"] });
  });
});

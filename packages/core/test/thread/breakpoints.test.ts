// interruptBefore and interruptAfter: stops that ask nothing.
import { describe, expect, it } from "vitest";
import { Command, MemorySaver, START, StateGraph } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { collect, graphErrorOf, LogState, newThread } from "../support/run.js";

const chain = () =>
  new StateGraph(LogState)
    .addNode("a", () => ({ log: ["a"] }))
    .addNode("b", () => ({ log: ["b"] }))
    .addNode("c", () => ({ log: ["c"] }))
    .addEdge(START, "a")
    .addEdge("a", "b")
    .addEdge("b", "c");

describe.each(eachSaver)("breakpoints, on $name", ({ open }) => {
  it("before a node: the run stops with nothing asked, and goes on with invoke(null) in another process", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const options = { interruptBefore: ["b"] as const };
    expect(
      await chain()
        .compile({ checkpointer: saver, ...options })
        .invoke({}, config),
    ).toEqual({ log: ["a"], __interrupt__: [] });
    const graph = chain().compile({ checkpointer: reopen(), ...options });
    expect((await graph.getState(config)).next).toEqual(["b"]);
    expect(await graph.invoke(null, config)).toEqual({ log: ["a", "b", "c"] });
  });

  it("after a node", async () => {
    const config = newThread();
    const graph = chain().compile({ checkpointer: open().saver, interruptAfter: ["b"] });
    expect((await graph.invoke({}, config)).log).toEqual(["a", "b"]);
    expect((await graph.invoke(null, config)).log).toEqual(["a", "b", "c"]);
  });

  it("everywhere: one step for each run", async () => {
    for (const options of [{ interruptBefore: "*" }, { interruptAfter: "*" }] as const) {
      const config = newThread();
      const graph = chain().compile({ checkpointer: open().saver });
      const logs = [(await graph.invoke({}, { ...config, ...options })).log];
      while ((await graph.getState(config)).next.length > 0) logs.push((await graph.invoke(null, { ...config, ...options })).log);
      const steps = [["a"], ["a", "b"], ["a", "b", "c"]];
      expect(logs).toEqual("interruptBefore" in options ? [[], ...steps] : steps);
    }
  });
});

describe("breakpoints", () => {
  it("of one run count instead of the graph's own", async () => {
    const graph = chain().compile({ checkpointer: new MemorySaver(), interruptBefore: ["b"] });
    expect((await graph.invoke({}, { ...newThread(), interruptBefore: ["c"] })).log).toEqual(["a", "b"]);
    expect((await graph.invoke({}, { ...newThread(), interruptBefore: [] })).log).toEqual(["a", "b", "c"]);
  });

  it("stop no run that has nothing more to do", async () => {
    const config = newThread();
    const graph = chain().compile({ checkpointer: new MemorySaver(), interruptAfter: ["c"] });
    expect(await graph.invoke({}, config)).toEqual({ log: ["a", "b", "c"] });
  });

  it("show in streams as an empty list of interrupts", async () => {
    const graph = chain().compile({ checkpointer: new MemorySaver(), interruptBefore: ["b"] });
    expect(await collect(graph.stream({}, newThread()))).toEqual([{ a: { log: ["a"] } }, { __interrupt__: [] }]);
  });

  it("are not answered", async () => {
    const config = newThread();
    const graph = chain().compile({ checkpointer: new MemorySaver(), interruptBefore: ["b"] });
    await graph.invoke({}, config);
    expect((await graphErrorOf(graph.invoke(new Command({ resume: true }), config))).code).toBe("NOTHING_TO_RESUME");
  });

  it("inside a subgraph stop the whole run, and are passed one after the other", async () => {
    const config = newThread();
    const sub = chain().compile({ interruptBefore: ["b", "c"] });
    const graph = new StateGraph(LogState)
      .addNode("sub", async () => ({ log: (await sub.invoke({})).log }))
      .addEdge(START, "sub")
      .compile({ checkpointer: new MemorySaver() });
    expect(await graph.invoke({}, config)).toEqual({ log: [], __interrupt__: [] });
    expect(await graph.invoke(null, config)).toEqual({ log: [], __interrupt__: [] });
    expect(await graph.invoke(null, config)).toEqual({ log: ["a", "b", "c"] });
  });
});

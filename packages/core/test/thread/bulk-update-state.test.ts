import { describe, expect, it } from "vitest";
import { Command, END, interrupt, MemorySaver, Send, START, StateGraph } from "../../src/index.js";
import { eachSaver, ownSavers } from "../support/each-saver.js";
import { collect, graphErrorOf, LogState, newThread, savesEachStep } from "../support/run.js";

const says = (name: string) => () => ({ log: [name] });
/** a, then b and c beside each other, then d. */
const diamond = () =>
  new StateGraph(LogState)
    .addNode({ a: says("a"), b: says("b"), c: says("c"), d: says("d") })
    .addEdge(START, "a")
    .addEdge("a", "b")
    .addEdge("a", "c")
    .addEdge(["b", "c"], "d");
const by = (asNode: string, ...lines: string[]) => ({ values: { log: lines }, asNode });

async function history(graph: ReturnType<ReturnType<typeof diamond>["compile"]>, config: ReturnType<typeof newThread>) {
  const states = await collect(graph.getStateHistory(config));
  return states.reverse().map(({ values, next, metadata }) => [metadata?.step, metadata?.source, values.log, next]);
}

describe.each(eachSaver)("bulkUpdateState, on $name", ({ open }) => {
  it("makes a thread anew, as the peer does: an input, then a checkpoint for each step", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const saved = await diamond()
      .compile({ checkpointer: saver })
      .bulkUpdateState(config, [
        { updates: [{ values: { answer: 1, log: ["in"] }, asNode: "__input__" }] },
        { updates: [by(START, "start")] },
        { updates: [by("a", "A")] },
        // In the order in which they are given.
        { updates: [by("c", "C"), by("b", "B")] },
        { updates: [by("d", "D")] },
      ]);
    const graph = diamond().compile({ checkpointer: reopen() });
    expect(await history(graph, config)).toEqual([
      [-1, "input", [], ["__start__"]],
      [0, "update", ["start"], ["a"]],
      [1, "update", ["start", "A"], ["b", "c"]],
      [2, "update", ["start", "A", "C", "B"], ["d"]],
      [3, "update", ["start", "A", "C", "B", "D"], []],
    ]);
    const states = await collect(graph.getStateHistory(config));
    expect(states[0]?.config).toEqual(saved);
    for (const [index, { parentConfig }] of states.entries()) expect(parentConfig).toEqual(states[index + 1]?.config);
  });

  it("takes an input that waits, which the next run begins with", async () => {
    const config = newThread();
    const graph = diamond().compile({ checkpointer: open().saver });
    await graph.updateState(config, { answer: 7, log: ["in"] }, "__input__");
    expect(await graph.getState(config)).toMatchObject({ next: ["__start__"], metadata: { source: "input", step: -1 } });
    expect(await graph.invoke(null, config)).toEqual({ log: ["in", "a", "b", "c", "d"], answer: 7 });
  });

  it("applies the updates of a step together: each conditional edge sees its own alone, and joins are complete", async () => {
    const config = newThread();
    const seen: unknown[] = [];
    const graph = new StateGraph(LogState)
      .addNode({ a: says("a"), b: says("b"), c: says("c") })
      .addNode("each", ({ name }: { name: string }) => ({ log: [`each ${name}`] }))
      .addEdge(START, "a")
      .addEdge(START, "b")
      .addConditionalEdges("a", ({ log }) => {
        seen.push(log);
        return new Send("each", { name: log.at(-1) });
      })
      .addConditionalEdges("b", ({ log }) => {
        seen.push(log);
        return "c";
      })
      .compile({ checkpointer: open().saver });
    await graph.bulkUpdateState(config, [{ updates: [by(START, "in")] }, { updates: [by("b", "B"), by("a", "A")] }]);
    expect(seen).toEqual([
      ["in", "B"],
      ["in", "A"],
    ]);
    expect((await graph.invoke(null, config)).log).toEqual(["in", "B", "A", "c", "each A"]);
  });

  it("acts for one node several times in a step", async () => {
    const config = newThread();
    const graph = diamond().compile({ checkpointer: open().saver });
    await graph.bulkUpdateState(config, [{ updates: [by("a", "A")] }, { updates: [by("b", "1"), by("b", "2")] }]);
    expect(await graph.getState(config)).toMatchObject({ values: { log: ["A", "1", "2"] }, next: ["c"] });
  });

  it("keeps what had finished of the step under way, once, and leaves due what nobody acted for", async () => {
    const config = newThread();
    const graph = new StateGraph(LogState)
      .addNode("ask", () => ({ log: [String(interrupt("?"))] }))
      .addNode("also", () => ({ log: [String(interrupt("also?"))] }))
      .addNode({ done: says("done"), end: says("end") })
      .addEdge(START, "ask")
      .addEdge(START, "also")
      .addEdge(START, "done")
      .addEdge("ask", "done")
      .addEdge(["ask", "also"], "end")
      .compile({ checkpointer: open().saver });
    const { __interrupt__: asked = [] } = await graph.invoke({}, config);
    await graph.bulkUpdateState(config, [{ updates: [by("ask", "for ask")] }, { updates: [by("also", "for also")] }]);
    // "done" is due again, of which the paused step has a result: that one counted with the first update.
    expect(await graph.getState(config)).toMatchObject({ values: { log: ["done", "for ask", "for also"] }, next: ["done", "end"] });
    const stale = new Command({ resume: { [asked[0]!.id]: "yes" } });
    expect((await graphErrorOf(graph.invoke(stale, config))).code).toBe("UNKNOWN_INTERRUPT");
    expect((await graph.invoke(null, config)).log.slice(3)).toEqual(["done", "end"]);
  });

  it("saves each step, and in it what it changed, whatever the durability", async () => {
    const config = newThread();
    const { saver } = open();
    const graph = diamond().compile({ checkpointer: saver });
    const steps = [{ updates: [{ values: { answer: 1 }, asNode: "a" }] }, { updates: [by("b", "B"), by("c", "C")] }];
    await graph.bulkUpdateState({ ...config, durability: "exit" }, steps);
    const [last, first] = await collect(saver.list(config));
    expect((await collect(graph.getStateHistory(config))).map(({ values }) => values)).toEqual([
      { log: ["B", "C"], answer: 1 },
      { log: [], answer: 1 },
    ]);
    expect(last!.checkpoint.channel_versions.answer).toBe(first!.checkpoint.channel_versions.answer);
    expect(last!.checkpoint.channel_versions.log).not.toBe(first!.checkpoint.channel_versions.log);
  });

  it("goes on from an older checkpoint", async () => {
    const config = { ...newThread(), ...savesEachStep };
    const graph = diamond().compile({ checkpointer: open().saver });
    await graph.invoke({ log: ["in"] }, config);
    const past = (await collect(graph.getStateHistory(config))).find(({ next }) => next.includes("b"));
    await graph.bulkUpdateState(past!.config, [{ updates: [by("b", "B"), by("c", "C")] }, { updates: [by("d", "D")] }]);
    expect(await graph.getState(config)).toMatchObject({ values: { log: ["in", "a", "B", "C", "D"] }, next: [], metadata: { step: 3 } });
  });

  it("saves nothing where a later step does not fit", async () => {
    const config = newThread();
    const graph = new StateGraph(LogState)
      .addNode({ a: says("a"), b: says("b") })
      .addEdge(START, "a")
      .addConditionalEdges("a", ({ answer }) => (answer === "lost" ? "nowhere" : "b"))
      .compile({ checkpointer: open().saver });
    await graph.updateState(config, { log: ["before"] });
    const before = await collect(graph.getStateHistory(config));
    const good = { updates: [by("a", "A")] };
    for (const [bad, code] of [
      [{ updates: [by("zz", "?")] }, "UNKNOWN_NODE"],
      [{ updates: [{ values: { answer: "lost" }, asNode: "a" }] }, "UNKNOWN_NODE"],
      [
        {
          updates: [
            { values: { answer: 1 }, asNode: "a" },
            { values: { answer: 2 }, asNode: "b" },
          ],
        },
        "INVALID_CONCURRENT_GRAPH_UPDATE",
      ],
      [{ updates: [{ values: {} }, by("a", "x")] }, "AMBIGUOUS_UPDATE"],
      [{ updates: [by(END, "x"), by("a", "x")] }, "INVALID_UPDATE"],
      [{ updates: [by("__input__", "x"), by("a", "x")] }, "INVALID_UPDATE"],
      [{ updates: [] }, "INVALID_UPDATE"],
      [{}, "INVALID_UPDATE"],
      [{ updates: [{ values: 5, asNode: "a" }] }, "INVALID_GRAPH_NODE_RETURN_VALUE"],
      [{ updates: [{ values: 5, asNode: "__input__" }] }, "INVALID_INPUT"],
    ] as const) {
      expect((await graphErrorOf(graph.bulkUpdateState(config, [good, bad as never]))).code).toBe(code);
      expect(await collect(graph.getStateHistory(config))).toEqual(before);
    }
    expect((await graphErrorOf(graph.bulkUpdateState(config, []))).code).toBe("INVALID_UPDATE");
  });

  it("does not run beside a run of the thread", async () => {
    const config = newThread();
    const saver = open().saver;
    let meanwhile: Promise<{ code: string }> | undefined;
    const graph = new StateGraph(LogState)
      .addNode("a", async () => {
        meanwhile = graphErrorOf(other.bulkUpdateState(config, [{ updates: [by("a", "A")] }]));
        return { log: [(await meanwhile).code] };
      })
      .addEdge(START, "a")
      .compile({ checkpointer: saver });
    const other = diamond().compile({ checkpointer: saver });
    expect((await graph.invoke({}, config)).log).toEqual(["THREAD_BUSY"]);
  });

  it("changes a subgraph's state through its namespace", async () => {
    const config = newThread();
    const sub = new StateGraph(LogState)
      .addNode("first", says("first"))
      .addNode("ask", () => ({ log: [String(interrupt("?"))] }))
      .addEdge(START, "first")
      .addEdge("first", "ask")
      .compile();
    const graph = new StateGraph(LogState).addNode("sub", sub).addEdge(START, "sub").compile({ checkpointer: open().saver });
    await graph.invoke({}, config);
    const [task] = (await graph.getState(config)).tasks;
    const place = task!.state as typeof config;
    await graph.bulkUpdateState(place, [{ updates: [by("first", "1")] }, { updates: [by("first", "2")] }]);
    const states = await collect(graph.getStateHistory(place));
    expect(states.slice(0, 3).map(({ values }) => values.log)).toEqual([["first", "1", "2"], ["first", "1"], ["first"]]);
  });
});

describe.each(ownSavers)("a value that cannot be saved, on $name", ({ open }) => {
  it.each([0, 1, 2])("in step %d lets nothing after it be saved", async (step) => {
    const config = newThread();
    const graph = diamond().compile({ checkpointer: open().saver });
    const steps = [0, 1, 2].map((each) => ({
      updates: [{ values: { answer: each === step ? () => "code" : each, log: [`${each}`] }, asNode: "a" }],
    }));
    await expect(graph.bulkUpdateState(config, steps)).rejects.toThrow();
    const states = await collect(graph.getStateHistory(config));
    expect(states.map(({ values }) => values.log.length)).toEqual(
      Array.from({ length: states.length }, (_, index) => states.length - index),
    );
    expect(states.length).toBeLessThanOrEqual(step);
    // The thread is whole, and free.
    expect((await graph.invoke({ log: ["in"] }, config)).log).toEqual([...(states[0]?.values.log ?? []), "in", "a", "b", "c", "d"]);
  });
});

it("sees to it that a lost thread is not changed", async () => {
  const config = newThread();
  const saver = new MemorySaver();
  const graph = diamond().compile({ checkpointer: saver });
  await graph.updateState(config, { log: ["before"] });
  const lease = { id: "thief", host: "elsewhere", pid: 1, expiresAt: Date.now() + 60_000 };
  expect(await saver.acquireLease(config.configurable.thread_id, lease, Date.now())).toEqual({ kind: "acquired" });
  expect((await graphErrorOf(graph.bulkUpdateState(config, [{ updates: [by("a", "A")] }]))).code).toBe("THREAD_BUSY");
  expect((await graph.getState(config)).values.log).toEqual(["before"]);
});

import { describe, expect, it } from "vitest";
import { Annotation, Command, END, interrupt, MemorySaver, Overwrite, START, StateGraph, type StateSnapshot } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { graphErrorOf, LogState, newThread, questions, savesEachStep } from "../support/run.js";

const says = (name: string) => () => ({ log: [name] });
const chain = () =>
  new StateGraph(LogState)
    .addNode({ a: says("a"), b: says("b"), c: says("c") })
    .addEdge(START, "a")
    .addEdge("a", "b")
    .addEdge("b", "c");

describe.each(eachSaver)("updateState, on $name", ({ open }) => {
  it("acts for the node that ran last", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const graph = chain().compile({ checkpointer: saver, interruptBefore: ["b"] });
    await graph.invoke({}, config);
    const updated = await graph.updateState(config, { log: ["edited"], answer: 7 });
    const state = await chain().compile({ checkpointer: reopen() }).getState(config);
    expect(state).toMatchObject({ values: { log: ["a", "edited"], answer: 7 }, next: ["b"], metadata: { source: "update" } });
    expect(state.config).toEqual(updated);
    expect((await graph.invoke(null, config)).log).toEqual(["a", "edited", "b", "c"]);
  });

  it("acts for another node, and its edges say what follows", async () => {
    const config = newThread();
    const graph = chain().compile({ checkpointer: open().saver, interruptBefore: ["b"] });
    await graph.invoke({}, config);
    await graph.updateState(config, { log: ["instead of b"] }, "b");
    expect((await graph.getState(config)).next).toEqual(["c"]);
    expect((await graph.invoke(null, config)).log).toEqual(["a", "instead of b", "c"]);
    await graph.updateState(config, { log: ["again"] }, "a");
    expect((await graph.invoke(null, { ...config, interruptBefore: [] })).log.slice(3)).toEqual(["again", "b", "c"]);
  });

  it("acts for START as an input does, also on a new thread", async () => {
    const config = newThread();
    const graph = chain().compile({ checkpointer: open().saver });
    await graph.updateState(config, { log: ["made up"] });
    expect((await graph.getState(config)).next).toEqual(["a"]);
    expect((await graph.invoke(null, config)).log).toEqual(["made up", "a", "b", "c"]);
    await graph.updateState(config, { log: ["restart"] }, START);
    expect((await graph.getState(config)).next).toEqual(["a"]);
  });

  it("acts for END: nothing follows", async () => {
    const config = newThread();
    const graph = chain().compile({ checkpointer: open().saver, interruptBefore: ["b"] });
    await graph.invoke({}, config);
    await graph.updateState(config, { log: ["the end"] }, END);
    expect(await graph.getState(config)).toMatchObject({ values: { log: ["a", "the end"] }, next: [] });
  });

  it("leaves due what all nodes of a fan-in led to, whoever of them or beside them is acted for, and how often", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const builder = new StateGraph(LogState)
      .addNode({ a: says("a"), b: says("b"), beside: says("beside"), join: says("join"), after: says("after"), again: says("again") })
      .addEdge(START, "a")
      .addEdge(START, "b")
      .addEdge(START, "beside")
      .addEdge("beside", "after")
      .addEdge(["a", "b"], "join")
      .addConditionalEdges("join", () => "again", ["again"])
      .addEdge("again", "a");
    const graph = builder.compile({ checkpointer: saver, interruptBefore: ["join", "after"] });
    await graph.invoke({}, config);
    await graph.updateState(config, { log: ["instead of b"] }, "b");
    expect((await graph.getState(config)).next).toEqual(["join"]);
    await graph.updateState(config, { log: ["beside it"] }, "beside");
    await builder.compile({ checkpointer: reopen() }).updateState(config, { log: ["beside it twice"] }, "beside");
    expect((await graph.getState(config)).next).toEqual(["join", "after"]);
    const rest = { ...config, interruptBefore: [] };
    // What the updates stood for was gathered once: the second time, "a" alone does not lead to the fan-in's target.
    const done = ["a", "b", "beside", "instead of b", "beside it", "beside it twice"];
    expect((await graph.invoke(null, rest)).log).toEqual([...done, "after", "join", "again", "a"]);
    expect((await graph.getState(config)).next).toEqual([]);
  });

  it("leaves due what a fan-in led to while it asks, and what finished nodes of a step complete", async () => {
    const { saver } = open();
    const config = newThread();
    const graph = new StateGraph(LogState)
      .addNode({ a: says("a"), b: says("b"), slow: () => ({ log: [`slow ${interrupt("slow?")}`] }) })
      .addNode("join", () => ({ log: [`join ${interrupt("join?")}`] }))
      .addEdge(START, "a")
      .addEdge(START, "b")
      .addEdge(START, "slow")
      .addEdge(["a", "b"], "join")
      .compile({ checkpointer: saver });
    await graph.invoke({}, config);
    await graph.updateState(config, { log: ["edited"] }, "a");
    expect((await graph.getState(config)).next).toEqual(["slow", "join"]);
    const { __interrupt__: both = [] } = await graph.invoke(null, config);
    expect(questions(both)).toEqual(["slow?", "join?"]);
    await graph.invoke(new Command({ resume: { [both[0]!.id]: "s" } }), config);
    await graph.updateState(config, { log: ["edited again"] }, "b");
    expect((await graph.getState(config)).next).toEqual(["join"]);
    expect(questions((await graph.invoke(null, config)).__interrupt__)).toEqual(["join?"]);
    const { log } = await graph.invoke(new Command({ resume: "yes" }), config);
    expect(log).toEqual(["a", "b", "edited", "slow s", "edited again", "join yes"]);
    expect((await graph.getState(config)).next).toEqual([]);
  });

  it("leaves due what is due beside the node, and keeps what had finished", async () => {
    const config = newThread();
    const graph = new StateGraph(LogState)
      .addNode("ask", () => ({ log: [String(interrupt("?"))] }))
      .addNode("also", () => ({ log: [String(interrupt("also?"))] }))
      .addNode("done", says("done"))
      .addNode("end", says("end"))
      .addEdge(START, "ask")
      .addEdge(START, "also")
      .addEdge(START, "done")
      .addEdge(["ask", "also", "done"], "end")
      .compile({ checkpointer: open().saver });
    await graph.invoke({}, config);
    await graph.updateState(config, { log: ["for ask"] }, "ask");
    expect(await graph.getState(config)).toMatchObject({ values: { log: ["done", "for ask"] }, next: ["also"] });
    expect(questions((await graph.invoke(null, config)).__interrupt__)).toEqual(["also?"]);
    expect((await graph.invoke(new Command({ resume: "yes" }), config)).log).toEqual(["done", "for ask", "yes", "end"]);
  });

  it("makes a paused node ask anew, about the state as it is now", async () => {
    const config = newThread();
    const graph = new StateGraph(LogState)
      .addNode("ask", ({ answer }) => ({ log: [`${answer}: ${interrupt(`about ${answer}?`)}`] }))
      .addEdge(START, "ask")
      .compile({ checkpointer: open().saver });
    const { __interrupt__: [old] = [] } = await graph.invoke({ answer: "cats" }, config);
    await graph.updateState(config, { answer: "dogs" });
    expect((await graph.getState(config)).interrupts).toEqual([]);
    // The answer to the old question cannot become one to the new question.
    expect((await graphErrorOf(graph.invoke(new Command({ resume: { [old!.id]: "yes" } }), config))).code).toBe("UNKNOWN_INTERRUPT");
    expect((await graphErrorOf(graph.invoke(new Command({ resume: "yes" }), config))).code).toBe("NOTHING_TO_RESUME");
    expect(questions((await graph.invoke(null, config)).__interrupt__)).toEqual(["about dogs?"]);
    expect((await graph.invoke(new Command({ resume: "yes" }), config)).log).toEqual(["dogs: yes"]);
  });

  it("changes a subgraph's state through its namespace", async () => {
    const config = newThread();
    const sub = new StateGraph(LogState)
      .addNode("first", says("first"))
      .addNode("ask", ({ answer }) => ({ log: [`${answer}: ${interrupt(`about ${answer}?`)}`] }))
      .addEdge(START, "first")
      .addEdge("first", "ask")
      .compile();
    const graph = new StateGraph(LogState).addNode("sub", sub).addEdge(START, "sub").compile({ checkpointer: open().saver });
    await graph.invoke({ answer: "cats" }, config);
    const [task] = (await graph.getState(config, { subgraphs: true })).tasks;
    const inner = task?.state as StateSnapshot;
    expect(inner).toMatchObject({ values: { log: ["first"], answer: "cats" }, next: ["ask"] });
    await graph.updateState(inner.config, { answer: "dogs" });
    // As in the outermost graph: the old question is over, and an answer to it is none to the new one.
    expect((await graph.getState(config)).interrupts).toEqual([]);
    expect((await graphErrorOf(graph.invoke(new Command({ resume: "yes" }), config))).code).toBe("NOTHING_TO_RESUME");
    expect(questions((await graph.invoke(null, config)).__interrupt__)).toEqual(["about dogs?"]);
    expect((await graph.invoke(new Command({ resume: "yes" }), config)).log).toEqual(["first", "dogs: yes"]);
  });

  it("acts for a node of a graph inside that waits: all graphs around it go on, at any depth", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const ran: string[] = [];
    const asks = (name: string) => () => {
      ran.push(name);
      return { log: [`${name} ${interrupt(`${name}?`)}`] };
    };
    // Its state is a plain list: what it gives back is not added to what it was given.
    const Inside = Annotation.Root({ log: Annotation<string[]>() });
    const inner = new StateGraph(LogState)
      .addNode({ ask: asks("ask"), next: says("next") })
      .addEdge(START, "ask")
      .addEdge("ask", "next")
      .compile();
    const middle = new StateGraph(Inside).addNode("inner", inner).addEdge(START, "inner").compile();
    const builder = new StateGraph(LogState)
      .addNode({ middle, beside: asks("beside") })
      .addEdge(START, "middle")
      .addEdge(START, "beside");
    const graph = builder.compile({ checkpointer: saver });
    await graph.invoke({}, config);
    const within = ({ tasks }: StateSnapshot, name: string) => tasks.find((task) => task.name === name)?.state as StateSnapshot;
    const innermost = within(within(await graph.getState(config, { subgraphs: true }), "middle"), "inner");
    expect(innermost.next).toEqual(["ask"]);
    await graph.updateState(innermost.config, { log: ["instead"] }, "ask");
    const after = builder.compile({ checkpointer: reopen() });
    expect(questions((await after.getState(config)).interrupts)).toEqual(["beside?"]);
    const listed = await saver.listInterrupts?.({ threadId: config.configurable.thread_id });
    expect(listed?.items.map(({ value }) => value) ?? ["beside?"]).toEqual(["beside?"]);
    // What waits beside it still does, under the same question.
    expect(questions((await after.invoke(null, config)).__interrupt__)).toEqual(["beside?"]);
    expect((await after.invoke(new Command({ resume: "yes" }), config)).log).toEqual(["beside yes", "instead", "next"]);
    expect(ran.sort()).toEqual(["ask", "beside", "beside"]);
  });

  it("that is refused leaves the questions of a graph inside as they are", async () => {
    const config = newThread();
    const sub = new StateGraph(LogState)
      .addNode("ask", () => ({ log: [String(interrupt("?"))] }))
      .addEdge(START, "ask")
      .compile();
    const graph = new StateGraph(LogState).addNode("sub", sub).addEdge(START, "sub").compile({ checkpointer: open().saver });
    await graph.invoke({}, config);
    const [task] = (await graph.getState(config)).tasks;
    const inside = task?.state as { configurable: { thread_id: string } };
    expect((await graphErrorOf(graph.updateState(inside, {}, "nobody"))).code).toBe("UNKNOWN_NODE");
    expect((await graph.invoke(new Command({ resume: "yes" }), config)).log).toEqual(["yes"]);
  });

  it("changes an old state without what came after it", async () => {
    const config = newThread();
    const graph = new StateGraph(LogState)
      .addNode({ x: says("x"), y: says("y") })
      .addEdge(START, "x")
      .addEdge(START, "y")
      .compile({ checkpointer: open().saver });
    await graph.invoke({ log: ["in"] }, { ...config, ...savesEachStep });
    const past = await stateBefore(graph, config, "x");
    const fork = await graph.updateState(past.config, { log: ["u"] }, "x");
    expect(await graph.getState(fork)).toMatchObject({ values: { log: ["in", "u"] }, next: ["y"], parentConfig: past.config });
    expect((await graph.invoke(null, config)).log).toEqual(["in", "u", "y"]);
  });
});

async function stateBefore(
  graph: { getStateHistory: (config: object) => AsyncIterable<StateSnapshot> },
  config: object,
  node: string,
): Promise<StateSnapshot> {
  for await (const state of graph.getStateHistory(config)) if (state.next.includes(node)) return state;
  throw new Error(`No state before ${node}.`);
}

describe("updateState", () => {
  const graph = () =>
    new StateGraph(LogState)
      .addNode({ x: says("x"), y: says("y") })
      .addEdge(START, "x")
      .addEdge(START, "y")
      .compile({ checkpointer: new MemorySaver() });

  it("must be told for whom, where several nodes ran last", async () => {
    const [one, config] = [graph(), newThread()];
    await one.invoke({}, config);
    const error = await graphErrorOf(one.updateState(config, { log: ["?"] }));
    expect([error.code, error.message]).toEqual(["AMBIGUOUS_UPDATE", expect.stringContaining("x, y")]);
    await one.updateState(config, { log: ["mine"] }, "y");
    expect((await one.getState(config)).values.log).toEqual(["x", "y", "mine"]);
  });

  it("refuses nodes that there are not, lists that are no update, and commands for others; nothing is saved then", async () => {
    const [one, config] = [graph(), newThread()];
    await one.invoke({}, config);
    const before = await one.getState(config);
    const attempts: [unknown, string | undefined, string][] = [
      [{}, "nobody", "UNKNOWN_NODE"],
      ["text", "x", "INVALID_GRAPH_NODE_RETURN_VALUE"],
      [new Command({ graph: Command.PARENT }), "x", "INVALID_UPDATE"],
    ];
    for (const [values, node, code] of attempts)
      expect((await graphErrorOf(one.updateState(config, values as never, node))).code).toBe(code);
    expect(await one.getState(config)).toEqual(before);
  });

  it("needs a checkpointer, a thread, and a checkpoint that there is", async () => {
    const bare = new StateGraph(LogState).addNode("x", says("x")).addEdge(START, "x").compile();
    expect((await graphErrorOf(bare.updateState(newThread(), {}))).code).toBe("MISSING_CHECKPOINTER");
    expect((await graphErrorOf(graph().updateState({}, {}))).code).toBe("MISSING_THREAD_ID");
    const nowhere = { configurable: { ...newThread().configurable, checkpoint_id: "1ef00000-0000-6000-8000-000000000000" } };
    expect((await graphErrorOf(graph().updateState(nowhere, {}))).code).toBe("CHECKPOINT_NOT_FOUND");
  });

  it("takes reducers and overwrites as a node does", async () => {
    const [one, config] = [graph(), newThread()];
    await one.invoke({}, config);
    await one.updateState(config, { log: new Overwrite(["fresh"]) }, "x");
    expect((await one.getState(config)).values.log).toEqual(["fresh"]);
  });

  it("that conditional edges follow is routed by them", async () => {
    const routed = new StateGraph(LogState)
      .addNode({ a: says("a"), left: says("left"), right: says("right") })
      .addEdge(START, "a")
      .addConditionalEdges("a", ({ answer }) => (answer === "left" ? "left" : "right"), ["left", "right"])
      .compile({ checkpointer: new MemorySaver(), interruptAfter: ["a"] });
    const config = newThread();
    await routed.invoke({}, config);
    expect((await routed.getState(config)).next).toEqual(["right"]);
    await routed.updateState(config, { answer: "left" });
    expect((await routed.getState(config)).next).toEqual(["left"]);
  });
});

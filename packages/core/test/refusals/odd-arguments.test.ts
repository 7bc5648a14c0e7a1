// Plain JavaScript, and parsed requests, may bring anything. What cannot be meant is an error with a code; nothing fails inside with a TypeError of the
// engine's own, and what LangGraph takes as "not given" is taken so.
import { rawFailures } from "@holdpoint/checkpoint/testing";
import { describe, expect, it } from "vitest";
import {
  Annotation,
  Command,
  CompiledGraph,
  EphemeralValue,
  entrypoint,
  interrupt,
  isCommand,
  isGraphInterrupt,
  isInterrupted,
  LastValue,
  MemorySaver,
  Overwrite,
  ReducedValue,
  Reducer,
  Send,
  START,
  StateGraph,
  StateSchema,
  Topic,
  task,
} from "../../src/index.js";
import { ownSavers } from "../support/each-saver.js";
import { LogState, newThread } from "../support/run.js";

const node = () => ({ log: ["ran"] });
const builder = () => new StateGraph(LogState).addNode("a", node).addNode("b", node).addEdge(START, "a").addEdge("a", "b");
const graph = builder().compile({ checkpointer: new MemorySaver() }) as unknown as CompiledGraph;
const unsaved = builder().compile() as unknown as CompiledGraph;

/** A thread with a step done and a question open. */
const paused = async (compiled: CompiledGraph) => {
  const config = newThread();
  await compiled.invoke({}, config);
  return config;
};
const asking = (checkpointer: never) =>
  new StateGraph(LogState)
    .addNode("ask", () => ({ answer: interrupt("?") }))
    .addEdge(START, "ask")
    .compile({ checkpointer, approvals: {} }) as unknown as CompiledGraph;

it("building a graph", async () => {
  const calls = {
    "new StateGraph(x)": (odd: never) => new StateGraph(odd),
    "new StateGraph(state, x)": (odd: never) => new StateGraph(LogState, odd),
    "new StateGraph({ state: x })": (odd: never) => new StateGraph({ state: odd } as never),
    "new StateGraph({ state, input: x })": (odd: never) => new StateGraph({ state: LogState, input: odd } as never),
    "new StateGraph({ state, context: x })": (odd: never) => new StateGraph({ state: LogState, context: odd } as never),
    "addNode(x)": (odd: never) => builder().addNode(odd),
    "addNode(x, fn)": (odd: never) => builder().addNode(odd, node as never),
    "addNode(name, x)": (odd: never) => builder().addNode("c", odd),
    "addNode(name, fn, x)": (odd: never) => builder().addNode("c", node, odd),
    "addNode([[name, x]])": (odd: never) => builder().addNode([["c", odd]] as never),
    "addNode([[x, fn]])": (odd: never) => builder().addNode([[odd, node]] as never),
    "addNode([x])": (odd: never) => builder().addNode([odd] as never),
    "addNode({ name: x })": (odd: never) => builder().addNode({ c: odd } as never),
    "addEdge(x, to)": (odd: never) => builder().addEdge(odd, "b").compile(),
    "addEdge(from, x)": (odd: never) => builder().addEdge("a", odd).compile(),
    "addEdge([from, x], to)": (odd: never) => builder().addEdge(["a", odd], "b").compile(),
    "addConditionalEdges(x, fn)": (odd: never) => builder().addConditionalEdges(odd, () => "b"),
    "addConditionalEdges(from, x)": (odd: never) => builder().addConditionalEdges("a", odd),
    "addConditionalEdges(from, fn, x)": (odd: never) =>
      builder()
        .addConditionalEdges("a", () => "b", odd)
        .compile(),
    "addConditionalEdges(from, fn, [x])": (odd: never) =>
      builder()
        .addConditionalEdges("a", () => "b", [odd])
        .compile(),
    "addConditionalEdges({ source: x })": (odd: never) =>
      builder()
        .addConditionalEdges({ source: odd, path: () => "b" })
        .compile(),
    "addConditionalEdges({ path: x })": (odd: never) => builder().addConditionalEdges({ source: "a", path: odd }).compile(),
    "addConditionalEdges({ pathMap: x })": (odd: never) =>
      builder()
        .addConditionalEdges({ source: "a", path: () => "b", pathMap: odd })
        .compile(),
    "addSequence(x)": (odd: never) => builder().addSequence(odd),
    "addSequence([x])": (odd: never) => builder().addSequence([odd] as never),
    "compile(x)": (odd: never) => builder().compile(odd),
    "Annotation(x)": (odd: never) => Annotation(odd),
    "Annotation({ reducer: x })": (odd: never) => Annotation({ reducer: odd }),
    "Annotation({ default: x })": (odd: never) => Annotation({ default: odd }),
    "Annotation.Root(x)": (odd: never) => new StateGraph(Annotation.Root(odd)),
    "Annotation.Root({ key: x })": (odd: never) => new StateGraph(Annotation.Root({ key: odd })),
    "new StateSchema(x)": (odd: never) => new StateGraph(new StateSchema(odd)),
    "new StateSchema({ key: x })": (odd: never) => new StateGraph(new StateSchema({ key: odd })),
    "new ReducedValue(x)": (odd: never) => new StateGraph(new StateSchema({ key: new ReducedValue(odd, odd) })),
    "entrypoint(x)": (odd: never) => entrypoint(odd, async () => 1),
    "entrypoint(name, x)": (odd: never) => entrypoint("name", odd),
    "entrypoint.final(x)": (odd: never) => entrypoint.final(odd),
    "task(x)": (odd: never) => task(odd, async () => 1),
    "task(name, x)": (odd: never) => task("name", odd),
    "new Command(x)": (odd: never) => new Command(odd),
    "new Send(x)": (odd: never) => new Send(odd, odd),
    "new Overwrite(x)": (odd: never) => new Overwrite(odd),
    "new LastValue(x)": (odd: never) => new LastValue(odd),
    "new Reducer(x)": (odd: never) => new Reducer(odd),
    "new Reducer(fn, x)": (odd: never) => new Reducer(() => 1, odd),
    "new Topic(x)": (odd: never) => new Topic(odd),
    "new EphemeralValue(x)": (odd: never) => new (EphemeralValue as new (odd: never) => unknown)(odd),
    "isCommand(x)": isCommand,
    "isInterrupted(x)": isInterrupted,
    "isGraphInterrupt(x)": isGraphInterrupt,
    "new CompiledGraph(x)": (odd: never) => CompiledGraph.length + Number(odd === undefined),
  };
  expect(await rawFailures(calls)).toEqual([]);
});

it.each([
  [
    "compile",
    [
      "checkpointer",
      "store",
      "interruptBefore",
      "interruptAfter",
      "authorize",
      "approvals",
      "onCodeChange",
      "strict",
      "name",
      "description",
    ],
  ],
  ["addNode", ["ends", "retryPolicy", "timeout", "defer", "metadata", "input"]],
  ["retryPolicy", ["maxAttempts", "initialInterval", "backoffFactor", "maxInterval", "jitter", "retryOn"]],
] as const)("each option of %s", async (taker, options) => {
  const takers = {
    compile: (given: object) => builder().compile(given).invoke({}),
    addNode: (given: object) =>
      builder()
        .addNode("c", node, given as never)

        .addEdge("a", "c")
        .compile()
        .invoke({}),
    retryPolicy: (retryPolicy: object) =>
      builder()
        .addNode("c", node, { retryPolicy: { initialInterval: 1, ...retryPolicy } })

        .addEdge("a", "c")
        .compile()
        .invoke({}),
  };
  const calls = Object.fromEntries(options.map((option) => [option, (odd: never) => takers[taker]({ [option]: odd })]));
  expect(await rawFailures(calls)).toEqual([]);
});

describe.each(ownSavers)("on $name", ({ open }) => {
  it("running a graph, and looking at it", async () => {
    const { saver } = open();
    const compiled = asking(saver as never);
    const config = await paused(compiled);
    const fresh = newThread;
    const calls = {
      "invoke(x)": (odd: never) => compiled.invoke(odd, fresh()),
      "invoke(input, x)": (odd: never) => compiled.invoke({}, odd),
      "invoke(input, x) of a graph without a saver": (odd: never) => unsaved.invoke({}, odd),
      "invoke({ key: x })": (odd: never) => compiled.invoke({ log: odd }, fresh()),
      "invoke({ answer: x })": (odd: never) => unsaved.invoke({ answer: odd }),
      "stream(x)": (odd: never) => compiled.stream(odd, fresh()),
      "stream(input, x)": (odd: never) => compiled.stream({}, odd),
      "stream of x": (odd: never) => compiled.stream({}, { ...fresh(), streamMode: odd }),
      "stream of [x]": (odd: never) => compiled.stream({}, { ...fresh(), streamMode: [odd] }),
      "stream with subgraphs x": (odd: never) => compiled.stream({}, { ...fresh(), subgraphs: odd }),
      "getState(x)": (odd: never) => compiled.getState(odd),
      "getState(config, x)": (odd: never) => compiled.getState(config, odd),
      "getStateHistory(x)": (odd: never) => compiled.getStateHistory(odd),
      "getStateHistory(config, x)": (odd: never) => compiled.getStateHistory(config, odd),
      "updateState(x)": (odd: never) => compiled.updateState(odd, {}),
      "updateState(config, x)": async (odd: never) => compiled.updateState(await paused(compiled), odd),
      "updateState(config, values, x)": async (odd: never) => compiled.updateState(await paused(compiled), {}, odd),
      "bulkUpdateState(x)": (odd: never) => compiled.bulkUpdateState(odd, [{ updates: [{ values: {} }] }]),
      "bulkUpdateState(config, x)": async (odd: never) => compiled.bulkUpdateState(await paused(compiled), odd),
      "bulkUpdateState(config, [x])": async (odd: never) => compiled.bulkUpdateState(await paused(compiled), [odd]),
      "bulkUpdateState(config, [{ updates: x }])": async (odd: never) =>
        compiled.bulkUpdateState(await paused(compiled), [{ updates: odd }]),
      "bulkUpdateState(config, [{ updates: [x] }])": async (odd: never) =>
        compiled.bulkUpdateState(await paused(compiled), [{ updates: [odd] }]),
      "batch(x)": (odd: never) => unsaved.batch(odd),
      "batch([x])": (odd: never) => unsaved.batch([odd]),
      "batch(inputs, x)": (odd: never) => unsaved.batch([{}], odd),
      "batch(inputs, [x])": (odd: never) => unsaved.batch([{}], [odd]),
      "batch(inputs, config, x)": (odd: never) => unsaved.batch([{}], {}, odd),
      "batch(inputs, config, { maxConcurrency: x })": (odd: never) => unsaved.batch([{}], {}, { maxConcurrency: odd }),
      "withConfig(x)": (odd: never) => unsaved.withConfig(odd).invoke({}),
      "getName(x)": (odd: never) => typeof odd !== "symbol" && typeof odd !== "object" && unsaved.getName(odd),
      "getGraph(x)": (odd: never) => unsaved.getGraph(odd),
      "getGraph({ xray: x })": (odd: never) => unsaved.getGraph({ xray: odd }),
      "getSubgraphs(x)": (odd: never) => [...unsaved.getSubgraphs(odd, true)],
      "invoke with outputKeys x": (odd: never) => unsaved.invoke({}, { outputKeys: odd }),
      "stream with outputKeys x": (odd: never) => unsaved.stream({}, { outputKeys: odd }),
      "getDecisions(x)": (odd: never) => compiled.getDecisions(odd),
      "settleDue(x)": (odd: never) => compiled.settleDue(odd),
      "resume with x": async (odd: never) => compiled.invoke(new Command({ resume: odd }), await paused(compiled)),
      "resume with { x }": async (odd: never) => compiled.invoke(new Command({ resume: { id: odd } }), await paused(compiled)),
      "resume by x": async (odd: never) => compiled.invoke(new Command({ resume: 1, by: odd, reason: odd }), await paused(compiled)),
      "resume and update x": async (odd: never) => compiled.invoke(new Command({ resume: 1, update: odd }), await paused(compiled)),
      "resume and go to x": async (odd: never) => compiled.invoke(new Command({ resume: 1, goto: odd }), await paused(compiled)),
      "resume and go to [x]": async (odd: never) => compiled.invoke(new Command({ resume: 1, goto: [odd] }), await paused(compiled)),
      "go to a Send of x": (odd: never) => unsaved.invoke(new Command({ goto: new Send(odd, {}) })),
      "resume for graph x": async (odd: never) => compiled.invoke(new Command({ resume: 1, graph: odd }), await paused(compiled)),
    };
    const places = {
      "thread_id x": (odd: unknown) => ({ configurable: { thread_id: odd } }),
      "checkpoint_id x": (odd: unknown) => ({ configurable: { ...config.configurable, checkpoint_id: odd } }),
      "checkpoint_ns x": (odd: unknown) => ({ configurable: { ...config.configurable, checkpoint_ns: odd } }),
    };
    for (const [name, place] of Object.entries(places)) {
      Object.assign(calls, {
        [`invoke, ${name}`]: (odd: never) => compiled.invoke({}, place(odd) as never),
        [`invoke(null), ${name}`]: (odd: never) => compiled.invoke(null, place(odd) as never),
        [`getState, ${name}`]: (odd: never) => compiled.getState(place(odd) as never),
        [`getStateHistory, ${name}`]: (odd: never) => compiled.getStateHistory(place(odd) as never),
        [`updateState, ${name}`]: (odd: never) => compiled.updateState(place(odd) as never, {}),
        [`getDecisions, ${name}`]: (odd: never) => compiled.getDecisions(place(odd) as never),
      });
    }
    for (const option of ["limit", "before", "filter"]) {
      Object.assign(calls, { [`getStateHistory, ${option} x`]: (odd: never) => compiled.getStateHistory(config, { [option]: odd }) });
    }
    expect(await rawFailures(calls)).toEqual([]);
  });

  it("each key of a run's config", async () => {
    const { saver } = open();
    const compiled = builder().compile({ checkpointer: saver });
    const keys = [
      "recursionLimit",
      "signal",
      "timeout",
      "context",
      "maxConcurrency",
      "durability",
      "multitaskStrategy",
      "interruptBefore",
      "interruptAfter",
      "tags",
      "metadata",
      "callbacks",
      "runName",
      "runId",
      "store",
    ];
    const calls = Object.fromEntries(keys.map((key) => [key, (odd: never) => compiled.invoke({}, { ...newThread(), [key]: odd })]));
    expect(await rawFailures(calls)).toEqual([]);
  });
});

it("generators, whose code would not run", () => {
  async function* async() {
    yield { log: ["never"] };
  }
  function* sync() {
    yield { log: ["never"] };
  }
  for (const generator of [async, sync] as never[]) {
    expect(() => builder().addNode("c", generator)).toThrow(expect.objectContaining({ code: "INVALID_GRAPH" }));
    expect(() => entrypoint("name", generator)).toThrow(expect.objectContaining({ code: "INVALID_GRAPH" }));
    expect(() => task("name", generator)).toThrow(expect.objectContaining({ code: "INVALID_OPTIONS" }));
  }
});

it("a Command that says nothing, on a new thread and on one that waits", async () => {
  const compiled = asking(new MemorySaver() as never);
  const config = await paused(compiled);
  for (const place of [newThread(), config]) {
    for (const command of [new Command({}), new Command({ goto: [], update: null as never })]) {
      await expect(compiled.invoke(command, place)).rejects.toMatchObject({ name: "EmptyInputError", code: "EMPTY_INPUT" });
    }
  }
  expect(await compiled.invoke(new Command({ resume: "yes" }), config)).toMatchObject({ answer: "yes" });
});

it("what nodes, edges, tasks and questions give", async () => {
  const run = (given: unknown) =>
    new StateGraph(LogState)
      .addNode("a", () => given as never)
      .addEdge(START, "a")
      .compile()
      .invoke({});
  const ask = (...given: unknown[]) =>
    new StateGraph(LogState)
      .addNode("a", () => (interrupt as (...given: unknown[]) => never)(...given))
      .addEdge(START, "a")
      .compile({ checkpointer: new MemorySaver() })
      .invoke({}, newThread());
  const calls = {
    "a node returns x": run,
    "a node returns [x]": (odd: never) => run([odd]),
    "a node returns { key: x }": (odd: never) => run({ answer: odd }),
    "a node returns new Command({ goto: x })": (odd: never) => run(new Command({ goto: odd })),
    "a node returns new Command({ update: x })": (odd: never) => run(new Command({ update: odd })),
    "a node returns new Command({ update: [x] })": (odd: never) => run(new Command({ update: [odd] })),
    "a conditional edge returns x": (odd: never) =>
      builder()
        .addConditionalEdges("a", () => odd)
        .compile()
        .invoke({}),
    "a conditional edge returns [x]": (odd: never) =>
      builder()
        .addConditionalEdges("a", () => [odd])
        .compile()
        .invoke({}),
    "a conditional edge with ends returns x": (odd: never) =>
      builder()
        .addConditionalEdges("a", () => odd, ["b"])
        .compile()
        .invoke({}),
    "interrupt(x)": (odd: never) => ask(odd),
    "interrupt(value, x)": (odd: never) => ask("?", odd),
    "interrupt(value, { schema: x })": (odd: never) => ask("?", { schema: odd }),
    "interrupt(value, { key: x })": (odd: never) => ask("?", { key: odd }),
    "interrupt(value, { terms: x })": (odd: never) => ask("?", { terms: odd }),
    "interrupt outside of a run": (odd: never) => interrupt(odd, odd),
  };
  expect(await rawFailures(calls)).toEqual([]);
});

it("null is not given, where LangGraph takes it so", async () => {
  const all = (...names: string[]) => Object.fromEntries(names.map((name) => [name, null])) as never;
  const made = new StateGraph(LogState)
    .addNode("a", node, all("ends", "retryPolicy", "timeout", "defer", "metadata", "input"))
    .addEdge(START, "a")
    .compile(all("store", "interruptBefore", "interruptAfter", "authorize", "approvals", "onCodeChange", "strict", "name", "description"));
  expect(await made.invoke({}, null as never)).toEqual({ log: ["ran"] });
  const saved = builder().compile({ checkpointer: new MemorySaver() });
  const config = {
    ...newThread(),
    ...(all(
      "recursionLimit",
      "signal",
      "timeout",
      "context",
      "maxConcurrency",
      "durability",
      "multitaskStrategy",
      "interruptBefore",
      "interruptAfter",
      "tags",
      "metadata",
      "callbacks",
      "runName",
      "runId",
      "store",
    ) as object),
  };
  expect(await saved.invoke({}, config)).toEqual({ log: ["ran", "ran"] });
  expect((await saved.getState(config, null as never)).values).toEqual({ log: ["ran", "ran"] });
  const states = [];
  for await (const state of saved.getStateHistory(config, all("limit", "before", "filter"))) states.push(state);
  // In the mode "exit" the run saves its last step alone.
  expect(states.length).toBe(process.env.HOLDPOINT_TEST_DURABILITY === "exit" ? 1 : 4);
  expect((await saved.updateState(config, null as never, null as never)).configurable?.checkpoint_id).toBeTypeOf("string");
  expect(graph.name).toBe("LangGraph");
});

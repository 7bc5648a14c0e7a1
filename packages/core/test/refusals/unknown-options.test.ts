// An option under a misspelt name is one that was not given: an approval gate that is not there. It is refused, with what was meant.
import { describe, expect, it } from "vitest";
import {
  Annotation,
  Command,
  type CompileOptions,
  entrypoint,
  GraphError,
  interrupt,
  MemorySaver,
  Send,
  START,
  StateGraph,
  StateSchema,
  task,
} from "../../src/index.js";
import { graphErrorOf, LogState, newThread } from "../support/run.js";

const node = () => ({ log: ["ran"] });
const builder = () => new StateGraph(LogState).addNode("pay", node).addEdge(START, "pay");

function refusal(make: () => unknown): GraphError {
  try {
    make();
  } catch (error) {
    if (GraphError.is(error)) return error;
    throw error;
  }
  throw new Error("Nothing was refused.");
}

const takers: Readonly<Record<string, (options: object) => unknown>> = {
  compile: (options) => builder().compile(options),
  addNode: (options) => builder().addNode("b", node, options),
  "addNode, in a list": (options) => builder().addNode([["b", node, options]]),
  addSequence: (options) => builder().addSequence([["b", node, options]]),
  retryPolicy: (retryPolicy) => builder().addNode("b", node, { retryPolicy }),
  StateGraph: (options) => new StateGraph(LogState, options),
  Annotation: (options) => Annotation(options as never),
  entrypoint: (options) => entrypoint({ name: "e", ...options }, async () => 1),
  task: (options) => task({ name: "t", ...options }, async () => 1),
  Command: (options) => new Command(options),
  gate: (approvals) => builder().compile({ approvals }),
};

describe.each([
  ["compile", { interruptBefor: ["pay"] }, "interruptBefore"],
  ["compile", { interrupt_before: ["pay"] }, "interruptBefore"],
  ["compile", { interuptAfter: "*" }, "interruptAfter"],
  ["compile", { checkpoint: new MemorySaver() }, undefined],
  ["compile", { checkpionter: new MemorySaver() }, "checkpointer"],
  ["compile", { authorise: () => false }, "authorize"],
  ["compile", { approval: {} }, "approvals"],
  ["compile", { onCodechange: "refuse" }, "onCodeChange"],
  ["compile", { cache: {} }, "task()"],
  ["compile", { transformers: [] }, "v3"],
  ["addNode", { retrypolicy: {} }, "retryPolicy"],
  ["addNode", { retry: {} }, "retryPolicy"],
  ["addNode", { cachePolicy: { ttl: 5 } }, "task()"],
  ["addNode", { cachePolicy: true }, "task()"],
  ["addNode", { errorHandler: "a name" }, "function"],
  ["addNode", { subgraphs: [] }, "leave it out"],
  ["addNode", { end: ["pay"] }, "ends"],
  ["addNode, in a list", { defered: true }, "defer"],
  ["addSequence", { time_out: 5 }, "timeout"],
  ["retryPolicy", { maxAttempt: 5 }, "maxAttempts"],
  ["retryPolicy", { retry_on: () => true }, "retryOn"],
  ["StateGraph", { outputs: LogState }, "output"],
  ["StateGraph", { contextSchema: LogState }, "context"],
  ["Annotation", { reduser: () => 1 }, "reducer"],
  ["Annotation", { defaults: () => 1 }, "default"],
  ["entrypoint", { checkpointr: new MemorySaver() }, "checkpointer"],
  ["entrypoint", { cache: {} }, "task()"],
  ["task", { cachePolicy: {} }, "task()"],
  ["task", { retries: {} }, "retry"],
  ["Command", { resumee: "yes" }, "resume"],
  ["Command", { resume: "yes", upadte: {} }, "update"],
  ["Command", { gotto: "pay" }, "goto"],
  ["gate", { jugde: () => undefined }, "judge"],
  ["gate", { Journal: false }, "journal"],
] as const)("%s(%j)", (taker, options, meant) => {
  it(`is refused, and told of ${meant}`, () => {
    const error = refusal(() => takers[taker]?.(options));
    expect(error.code).toBe("INVALID_OPTIONS");
    expect(error.message).toContain(meant === undefined ? "It takes: checkpointer" : meant);
  });
});

it.each([
  ["interruptBefore", "pay"],
  ["interruptBefore", [1]],
  ["checkpointer", {}],
  ["checkpointer", "sqlite"],
  ["store", "memory"],
  ["authorize", true],
  ["approvals", "all"],
  ["approvals", { judge: true }],
  ["approvals", { journal: "no" }],
  ["onCodeChange", "refused"],
  ["onCodeChange", true],
  ["strict", "yes"],
  ["name", ""],
  ["description", 7],
])("compile({ %s: %j }) is refused", (option, value) => {
  const error = refusal(() => builder().compile({ [option]: value } as CompileOptions));
  expect(error.code).toBe("INVALID_OPTIONS");
  expect(error.message).toContain(
    Array.isArray(value) || typeof value !== "object" || option !== "approvals" ? option : Object.keys(value)[0],
  );
});

it.each([
  ["ends", { pay: "pay" }],
  ["timeout", { runTimeout: 5 }],
  ["timeout", Number.NaN],
  ["retryPolicy", 3],
  ["retryPolicy", { retryOn: [TypeError] }],
  ["retryPolicy", { maxAttempts: "3" }],
  ["defer", "yes"],
  ["metadata", []],
])("addNode(name, fn, { %s: %j }) is refused", (option, value) => {
  expect(refusal(() => builder().addNode("b", node, { [option]: value } as never)).code).toBe("INVALID_OPTIONS");
});

it("says nothing of what LangGraph takes and what is so here anyway", () => {
  builder().addNode("b", node, { cachePolicy: false } as never);
  builder().addNode("c", node, { retryPolicy: { logWarning: false } } as never);
  builder().compile({ cache: undefined, checkpointer: undefined, unknown: undefined } as never);
  new StateGraph(LogState, { nodes: ["a"], interrupt: {}, writer: {} } as never);
});

it("a list of nodes of which one is refused adds none", () => {
  const graph = builder();
  refusal(() => graph.addNode([["b", node], "c"] as never));
  graph.addNode("b", node);
});

it("an option of interrupt() that is not known fails the node, and nothing was asked", async () => {
  const graph = (options: object) =>
    new StateGraph(LogState)
      .addNode("ask", () => ({ answer: interrupt("?", options) }))
      .addEdge(START, "ask")
      .compile({ checkpointer: new MemorySaver() });
  for (const options of [{ shema: {} }, { schema: "number" }, { key: 7 }, { terms: "soon" }, { expiresIn: 5 }]) {
    const config = newThread();
    const compiled = graph(options);
    expect((await graphErrorOf(compiled.invoke({}, config))).code).toBe("INVALID_OPTIONS");
    expect((await compiled.getState(config)).interrupts).toEqual([]);
  }
});

describe("a run's config", () => {
  const graph = builder().compile({ checkpointer: new MemorySaver() });
  const invoke = (config: object) => graph.invoke({}, { ...newThread(), ...config } as never);

  it.each([
    ["interruptBefor", ["pay"], "interruptBefore"],
    ["interrupt_after", ["pay"], "interruptAfter"],
    ["durabilty", "exit", "durability"],
    ["recursion_limit", 5, "recursionLimit"],
    ["max_concurrency", 5, "maxConcurrency"],
    ["multiTaskStrategy", "enqueue", "multitaskStrategy"],
  ])("with %s is refused", async (key, value, meant) => {
    const error = await graphErrorOf(invoke({ [key]: value }));
    expect(error).toMatchObject({ code: "INVALID_CONFIG", message: expect.stringContaining(meant) });
    await expect(graph.stream({}, { ...newThread(), [key]: value } as never).then((stream) => stream.next())).rejects.toMatchObject({
      code: "INVALID_CONFIG",
    });
  });

  it("may hold any other key, and breakpoints at nodes that there are", async () => {
    const others = {
      outputKeys: ["log"],
      debug: true,
      cache: {},
      version: "v2",
      encoding: "text/event-stream",
      interrupts: 1,
      custom: { a: 1 },
    };
    expect(await invoke(others)).toEqual({ log: ["ran"] });
    expect(await invoke({ interruptBefore: ["pay"] })).toMatchObject({ __interrupt__: [] });
    expect((await graphErrorOf(invoke({ interruptBefore: ["pai"] }))).code).toBe("UNKNOWN_NODE");
    expect((await graphErrorOf(invoke({ interruptAfter: "pay" }))).code).toBe("INVALID_CONFIG");
    expect((await graphErrorOf(invoke({ durability: "synch" }))).code).toBe("INVALID_CONFIG");
    expect((await graphErrorOf(invoke({ multitaskStrategy: "interrupt" }))).code).toBe("INVALID_CONFIG");
  });

  it("of a stream names modes that there are", async () => {
    for (const streamMode of ["value", ["updates", "messages-tuple"], 7]) {
      await expect(graph.stream({}, { ...newThread(), streamMode } as never)).rejects.toMatchObject({ code: "INVALID_CONFIG" });
    }
  });

  it("of a history too: an unknown option would show what was not asked for", async () => {
    expect(refusal(() => graph.getStateHistory(newThread(), { limits: 5 } as never)).message).toContain("did you mean limit?");
  });
});

it("a config that stands under each call is checked when it is given", () => {
  const graph = builder().compile();
  expect(refusal(() => graph.withConfig({ interruptBefor: ["pay"] } as never)).message).toContain("did you mean interruptBefore?");
  expect(refusal(() => graph.withConfig({ interruptBefore: ["pai"] })).code).toBe("UNKNOWN_NODE");
});

it("an update under a misspelt node's name is refused", async () => {
  const graph = builder().compile({ checkpointer: new MemorySaver() });
  const config = newThread();
  await graph.invoke({}, config);
  const updates = [{ values: { log: ["x"] }, as_node: "pay" }] as never;
  expect((await graphErrorOf(graph.bulkUpdateState(config, [{ updates }]))).message).toContain("did you mean asNode?");
  expect((await graphErrorOf(graph.batch([{}], {}, { returnException: true } as never))).message).toContain(
    "did you mean returnExceptions?",
  );
});

it("a graph has the name and the description that it was compiled with", async () => {
  const graph = builder().compile({ name: "desk", description: "Pays." });
  expect([graph.name, graph.description]).toEqual(["desk", "Pays."]);
  expect(graph.withConfig({ tags: ["a"] }).description).toBe("Pays.");
  expect([builder().compile().name, builder().compile().description]).toEqual(["LangGraph", undefined]);
});

it("Send takes no third argument, which would be LangGraph's time limit", () => {
  expect(refusal(() => new (Send as new (...given: unknown[]) => Send)("a", {}, { timeout: 5 })).code).toBe("INVALID_UPDATE");
  new (Send as new (...given: unknown[]) => Send)("a", {}, undefined);
});

it("a schema's field of a StateSchema is read as it is", () => {
  expect(refusal(() => new StateGraph(new StateSchema({ key: 7 as never }))).code).toBe("INVALID_GRAPH");
});

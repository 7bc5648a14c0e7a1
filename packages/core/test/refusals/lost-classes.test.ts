// Commands and Sends that come from elsewhere: as JSON, from another copy of the package, from LangGraph. None is taken for an empty input, and no
// data becomes one.
import { Command as PeerCommand, Overwrite as PeerOverwrite, Send as PeerSend } from "@langchain/langgraph";
import { describe, expect, it, vi } from "vitest";
import {
  Annotation,
  Command,
  END,
  entrypoint,
  interrupt,
  isCommand,
  MemorySaver,
  type Overwrite,
  Send,
  START,
  StateGraph,
} from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { graphErrorOf, LogState, newThread } from "../support/run.js";

vi.resetModules();
const copy = (await import("../../src/index.js")) as typeof import("../../src/index.js");

it("reads a copy of the package that is not its own", () => {
  expect(copy.Command).not.toBe(Command);
  expect(new copy.Command({ resume: 1 })).not.toBeInstanceOf(Command);
});

const asking = (checkpointer = new MemorySaver() as never) =>
  new StateGraph(LogState)
    .addNode("ask", () => ({ log: [`got ${interrupt<string>("Really?")}`] }))
    .addEdge(START, "ask")
    .compile({ checkpointer });

const throughJson = (value: unknown): never => JSON.parse(JSON.stringify(value)) as never;

/** `__proto__` as an own key, which a careless merge makes the prototype of what it copies to. */
const merged = (json: string): never => Object.assign({}, JSON.parse(json)) as never;

describe.each(eachSaver)("a Command that has lost its class, on $name,", ({ open }) => {
  it.each([
    ["ours", throughJson(new Command({ resume: "yes" }))],
    ["LangGraph's", throughJson(new PeerCommand({ resume: "yes" }))],
    ["ours, cloned", structuredClone({ ...new Command({ resume: "yes" }) }) as never],
    ["the body of a request", { command: { resume: "yes" } } as never],
    ["the options of one", { resume: "yes" } as never],
    [
      "one with a forged prototype",
      merged('{"__proto__":{"lg_name":"Command","constructor":"Command"},"lg_name":"Command","resume":"yes"}'),
    ],
    ["one beside an input", { ...(throughJson(new PeerCommand({ resume: "yes" })) as object), log: ["x"] } as never],
  ])("%s, is refused, and the question goes on waiting", async (_, lost) => {
    const graph = asking(open().saver as never);
    const config = newThread();
    await graph.invoke({}, config);
    const error = await graphErrorOf(graph.invoke(lost, config));
    expect(error.code).toBe("INVALID_INPUT");
    expect(error.message).toMatch(/new Command\(\{ resume/);
    await expect(graph.stream(lost, config).then((chunks) => chunks.next())).rejects.toMatchObject({ code: "INVALID_INPUT" });
    expect((await graph.getState(config)).interrupts).toHaveLength(1);
    const result = await graph.invoke(new Command({ resume: "yes" }), config);
    expect(result.log).toEqual(["got yes"]);
  });
});

it("an entrypoint refuses it too, though its input may be anything else", async () => {
  const flow = entrypoint({ name: "flow", checkpointer: new MemorySaver() }, async (input: unknown) => [input, interrupt("?")]);
  const config = newThread();
  await flow.invoke({ lg_name: "Person", resume: "my life" }, config);
  expect(await graphErrorOf(flow.invoke(throughJson(new Command({ resume: "yes" })), config))).toMatchObject({ code: "INVALID_INPUT" });
  expect(await flow.invoke(new Command({ resume: "yes" }), config)).toEqual([{ lg_name: "Person", resume: "my life" }, "yes"]);
});

it("a state that has the key keeps it", async () => {
  const State = Annotation.Root({ lg_name: Annotation<string>(), resume: Annotation<string>() });
  const graph = new StateGraph(State)
    .addNode("n", () => ({ lg_name: "Send" }))
    .addEdge(START, "n")
    .compile();
  expect(await graph.invoke({ lg_name: "Command", resume: "my life" })).toEqual({ lg_name: "Send", resume: "my life" });
});

it.each([
  ["a promise", Promise.resolve({ log: ["x"] }), "Promise"],
  ["a Map", new Map([["log", ["x"]]]), "Map"],
  ["a Send", new Send("ask", {}), "Send"],
  ["LangGraph's Send", new PeerSend("ask", {}), "Send"],
])("%s is no input", async (_, input, name) => {
  const error = await graphErrorOf(asking().invoke(input as never, newThread()));
  expect(error.code).toBe("INVALID_INPUT");
  expect(error.message).toContain(name);
});

it("an input may be an instance of any class that has keys of the state", async () => {
  class Input {
    log = ["from a class"];
  }
  const graph = new StateGraph(LogState)
    .addNode("n", () => ({}))
    .addEdge(START, "n")
    .compile();
  expect((await graph.invoke(new Input())).log).toEqual(["from a class"]);
});

const kinds = [
  { name: "another copy", Command: copy.Command, Send: copy.Send, Overwrite: copy.Overwrite },
  { name: "LangGraph", Command: PeerCommand, Send: PeerSend, Overwrite: PeerOverwrite },
] as unknown as { name: string; Command: typeof Command; Send: typeof Send; Overwrite: typeof Overwrite }[];

describe.each(kinds)("instances of $name", ({ Command: OtherCommand, Send: OtherSend, Overwrite: OtherOverwrite }) => {
  it("are told", () => expect(isCommand(new OtherCommand({ resume: 1 }))).toBe(true));

  it.each(["yes", null, false, ""])("resume with %j", async (resume) => {
    const graph = asking();
    const config = newThread();
    await graph.invoke({}, config);
    expect((await graph.invoke(new OtherCommand({ resume }), config)).log).toEqual([`got ${resume}`]);
  });

  it("of two that race, one is told of the other", async () => {
    const graph = asking();
    const config = newThread();
    await graph.invoke({}, config);
    const clicks = await Promise.allSettled([1, 2].map((resume) => graph.invoke(new OtherCommand({ resume }), config)));
    expect(clicks.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(clicks[1]).toMatchObject({ reason: { code: "ALREADY_DECIDED" } });
  });

  it("lead on from nodes, by names and Sends, and overwrite", async () => {
    const graph = new StateGraph(LogState)
      .addNode(
        "plan",
        () =>
          [
            { log: ["planned"] },
            new OtherCommand({
              update: { log: new OtherOverwrite(["afresh"]) },
              goto: ["work", new OtherSend("work", { answer: "sent" })],
            }),
          ] as never,
        { ends: ["work"] },
      )
      .addNode("work", ({ answer }: { answer?: unknown }) => ({ log: [`worked on ${answer}`] }))
      .addEdge(START, "plan")
      .compile();
    expect((await graph.invoke({})).log).toEqual(["afresh", "worked on undefined", "worked on sent"]);
  });

  it("may stand in a Command of ours, and come from a conditional edge", async () => {
    const graph = new StateGraph(LogState)
      .addNode("plan", () => new Command({ goto: new OtherSend("work", { answer: "led" }) }), { ends: ["work"] })
      .addNode("work", ({ answer }: { answer?: unknown }) => ({ log: [`${answer}`] }))
      .addEdge(START, "plan")
      .addConditionalEdges("plan", () => [new OtherSend("work", { answer: "chosen" })], ["work"])
      .compile();
    expect((await graph.invoke({})).log).toEqual(["led", "chosen"]);
  });

  it("reach the graph around, and change the state from outside", async () => {
    const inner = new StateGraph(LogState)
      .addNode("leave", () => new OtherCommand({ graph: Command.PARENT, goto: "after", update: { log: ["left"] } }) as never)
      .addEdge(START, "leave")
      .compile();
    const graph = new StateGraph(LogState)
      .addNode("inner", inner, { ends: ["after"] })
      .addNode("after", () => ({ log: ["after"] }))
      .addEdge(START, "inner")
      .compile({ checkpointer: new MemorySaver() });
    const config = newThread();
    expect((await graph.invoke({}, config)).log).toEqual(["left", "after"]);
    await graph.updateState(config, new OtherCommand({ update: { log: ["late"] } }) as never);
    expect((await graph.getState(config)).values.log).toEqual(["left", "after", "late"]);
  });

  it("a Send of theirs is no update", async () => {
    const graph = new StateGraph(LogState)
      .addNode("n", () => new OtherSend("n", {}) as never)
      .addEdge(START, "n")
      .compile();
    expect((await graphErrorOf(graph.invoke({}))).message).toContain("returned a Send");
  });
});

it("a limit on a Send's time is refused, since nobody would keep it", async () => {
  const graph = new StateGraph(LogState)
    .addNode("n", () => ({}))
    .addConditionalEdges(START, () => new PeerSend("n", {}, { timeout: 5 }), ["n"])
    .compile();
  expect(await graphErrorOf(graph.invoke({}))).toMatchObject({ code: "INVALID_UPDATE", message: expect.stringContaining("timeout") });
});

describe("what a node returns after it went through JSON", () => {
  const run = (returned: unknown) =>
    graphErrorOf(
      new StateGraph(LogState)
        .addNode("n", () => returned as never)
        .addEdge(START, "n")
        .compile()
        .invoke({}),
    );
  it.each([
    ["a Command", throughJson(new Command({ goto: END })), "new Command"],
    ["LangGraph's Command", throughJson(new PeerCommand({ goto: END })), "new Command"],
    ["LangGraph's Send", throughJson(new PeerSend("n", {})), "new Send"],
    ["a list of them", [throughJson(new Command({ goto: END }))], "new Command"],
  ])("%s, is refused", async (_, returned, remedy) => {
    const error = await run(returned);
    expect(error.code).toBe("INVALID_GRAPH_NODE_RETURN_VALUE");
    expect(error.message).toContain(remedy);
  });
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  it.each([
    ["a Send", throughJson(new Send("n", { secret: 1 })), "new Send"],
    ["LangGraph's Send", throughJson(new PeerSend("n", { secret: 1 })), "new Send"],
    ["a cyclic object", cyclic, "an object"],
    ["a bigint", 1n, "1"],
    ["a symbol", Symbol("n"), "Symbol(n)"],
  ])("%s as a destination is refused, and its content stays out of the message", async (_, target, fact) => {
    const error = await run(new Command({ goto: target as never }));
    expect(error.code).toBe("UNKNOWN_NODE");
    expect(error.message).toContain(fact);
    expect(error.message).not.toContain("secret");
  });
});

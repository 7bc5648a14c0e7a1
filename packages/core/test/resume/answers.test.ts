// What can be an answer, and how it arrives.
import { inspect } from "node:util";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { z } from "zod";
import { Annotation, Command, type Durability, interrupt, MemorySaver, START, StateGraph } from "../../src/index.js";
import { eachSaver, ownSavers } from "../support/each-saver.js";
import { errorOf, graphErrorOf, LogState, newThread, questions } from "../support/run.js";

const asking = () =>
  new StateGraph(Annotation.Root({ answer: Annotation<unknown>() }))
    .addNode("ask", () => ({ answer: { got: interrupt("?") } }))
    .addEdge(START, "ask");

type Open = (typeof eachSaver)[number]["open"];

async function comesBack(open: Open, resume: unknown): Promise<void> {
  const { saver, reopen } = open();
  const config = newThread();
  await asking().compile({ checkpointer: saver }).invoke({}, config);
  const { answer } = await asking().compile({ checkpointer: reopen() }).invoke(new Command({ resume }), config);
  expect(answer).toEqual({ got: resume });
  expect((await asking().compile({ checkpointer: reopen() }).getState(config)).values).toEqual({ answer: { got: resume } });
}

// The peer's serializer takes these for something else, or loses them without a word; functions too.
describe.each(ownSavers)("an answer that JSON has no word for, on $name", ({ open }) => {
  const values: unknown[] = [-0, Number.NaN, { lc: 1, type: "constructor", id: ["x"], kwargs: {} }, 10n ** 30n, new Date(0)];
  it.each(values.map((value) => [inspect(value), value]))("may be %s", (_, resume) => comesBack(open, resume));

  it("that cannot be saved is refused, and the interrupt still waits", async () => {
    const config = newThread();
    const graph = asking().compile({ checkpointer: open().saver });
    await graph.invoke({}, config);
    await errorOf(graph.invoke(new Command({ resume: () => "a function" }), config));
    expect(questions((await graph.getState(config)).interrupts)).toEqual(["?"]);
    expect((await graph.invoke(new Command({ resume: "ok" }), config)).answer).toEqual({ got: "ok" });
  });
});

describe.each(eachSaver)("an answer, on $name", ({ open }) => {
  const values: unknown[] = [
    null,
    false,
    true,
    0,
    "",
    "text",
    {},
    [],
    [[]],
    [{ type: "accept" }],
    { nested: { deep: [null, { again: "" }] } },
    "👩‍🔧 \ud800 \u0000",
    new Map([[1, new Set([2])]]),
    new Uint8Array([1, 2]),
  ];
  it.each(values.map((value) => [inspect(value), value]))("may be %s", (_, resume) => comesBack(open, resume));

  it.each<[Durability]>([["sync"], ["async"], ["exit"]])(
    "is found again after any run that asked with durability %s",
    async (durability) => {
      const { saver, reopen } = open();
      const config = newThread();
      let ran = 0;
      const builder = new StateGraph(LogState)
        .addNode("before", () => ({ log: [`before ${++ran}`] }))
        .addNode("beside", () => ({ log: ["beside"] }))
        .addNode("ask", () => ({ log: [`${interrupt("one?")} ${interrupt("two?")}`] }))
        .addEdge(START, "before")
        .addEdge("before", "ask")
        .addEdge("before", "beside");
      await builder.compile({ checkpointer: saver }).invoke({}, { ...config, durability });
      const two = await builder.compile({ checkpointer: reopen() }).invoke(new Command({ resume: "1" }), { ...config, durability });
      expect(questions(two.__interrupt__)).toEqual(["two?"]);
      const { log } = await builder.compile({ checkpointer: reopen() }).invoke(new Command({ resume: "2" }), { ...config, durability });
      expect(log).toEqual(["before 1", "1 2", "beside"]);
      expect((await builder.compile({ checkpointer: reopen() }).getState(config)).values.log).toEqual(log);
    },
  );

  it("brings an update, and a way to go, that count with it", async () => {
    const config = newThread();
    const graph = new StateGraph(LogState)
      .addNode("ask", () => ({ log: [String(interrupt("?"))] }))
      .addNode("other", () => ({ log: ["other"] }))
      .addEdge(START, "ask")
      .addConditionalEdges("ask", () => [], ["other"])
      .compile({ checkpointer: open().saver });
    await graph.invoke({}, config);
    const wrong = { resume: { ["0".repeat(32)]: 1 }, update: { log: ["lost"] } };
    expect((await graphErrorOf(graph.invoke(new Command(wrong), config))).code).toBe("UNKNOWN_INTERRUPT");
    expect((await graph.invoke(new Command({ resume: "yes", update: { log: ["note"] }, goto: "other" }), config)).log).toEqual([
      "note",
      "yes",
      "other",
    ]);
  });
});

describe("a command without an answer", () => {
  it("updates and goes on a paused thread, and leaves the question waiting", async () => {
    const config = newThread();
    const graph = new StateGraph(LogState)
      .addNode("ask", () => ({ log: [String(interrupt("?"))] }))
      .addEdge(START, "ask")
      .compile({ checkpointer: new MemorySaver() });
    const { __interrupt__: asked } = await graph.invoke({}, config);
    for (const note of ["one", "two"]) {
      expect((await graph.invoke(new Command({ update: { log: [note] } }), config)).__interrupt__).toEqual(asked);
    }
    expect((await graph.getState(config)).values.log).toEqual(["one", "two"]);
    expect((await graph.invoke(new Command({ resume: "yes" }), config)).log).toEqual(["one", "two", "yes"]);
  });

  it("starts a new thread where it says", async () => {
    const graph = new StateGraph(LogState)
      .addNode({ a: () => ({ log: ["a"] }), b: () => ({ log: ["b"] }) })
      .addEdge(START, "a")
      .addConditionalEdges("a", () => "b", ["b"])
      .compile({ checkpointer: new MemorySaver() });
    expect((await graph.invoke(new Command({ update: { log: ["in"] }, goto: "b" }), newThread())).log).toEqual(["in", "b"]);
    expect((await graphErrorOf(graph.invoke(new Command({ goto: "nowhere" as "a" }), newThread()))).code).toBe("UNKNOWN_NODE");
  });
});

describe.each(eachSaver)("an answer with a schema, on $name", ({ open }) => {
  const lateAge = z.coerce.number().refine(async (age) => age >= 0, "must not be negative");
  it.each([
    ["synchronous", z.coerce.number().int().nonnegative()],
    ["asynchronous", lateAge],
  ])("is parsed before it counts (%s)", async (_, schema) => {
    const { saver, reopen } = open();
    const config = newThread();
    let ran = 0;
    const builder = new StateGraph(LogState)
      .addNode("ask", () => {
        const age = interrupt("age?", { schema });
        ran++;
        return { answer: age };
      })
      .addEdge(START, "ask");
    const { __interrupt__: [asked] = [] } = await builder.compile({ checkpointer: saver }).invoke({}, config);
    for (const wrong of ["old", "-1", "older"]) {
      const graph = builder.compile({ checkpointer: reopen() });
      const error = await graphErrorOf(graph.invoke(new Command({ resume: wrong }), config));
      expect([error.code, Object.keys(error.details.issues as object)]).toEqual(["INVALID_ANSWER", [asked?.id]]);
      const [waiting] = (await graph.getState(config)).interrupts;
      expect([waiting?.id, waiting?.value, (waiting?.issues?.length ?? 0) > 0]).toEqual([asked?.id, "age?", true]);
    }
    expect(ran).toBe(0);
    expect((await builder.compile({ checkpointer: reopen() }).invoke(new Command({ resume: "25" }), config)).answer).toBe(25);
    expect(ran).toBe(1);
  });
});

describe("an interrupt with a key", () => {
  it("is matched by it, so that calls may change places", async () => {
    const seen: string[] = [];
    const spy = vi.spyOn(process, "emitWarning").mockImplementation((warning) => void seen.push(String(warning)));
    onTestFinished(() => spy.mockRestore());
    const config = newThread();
    let turned = false;
    const ask = (key: string) => `${key}=${interrupt(`${key}?`, { key })}`;
    const graph = new StateGraph(LogState)
      .addNode("ask", () => ({ log: turned ? [ask("b"), ask("a")] : [ask("a"), ask("b")] }))
      .addEdge(START, "ask")
      .compile({ checkpointer: new MemorySaver() });
    await graph.invoke({}, config);
    turned = true;
    const { __interrupt__ } = await graph.invoke(new Command({ resume: "1" }), config);
    expect(questions(__interrupt__)).toEqual(["b?"]);
    expect((await graph.invoke(new Command({ resume: "2" }), config)).log).toEqual(["b=2", "a=1"]);
    expect(seen).toEqual([]);
  });
});

// State, input, output, context and private state, declared with schemas of several makes.
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { z as z3 } from "zod/v3";
import { Annotation, MemorySaver, Overwrite, ReducedValue, START, StateGraph, StateSchema } from "../../src/index.js";
import { collect, graphErrorOf, LogState, log, newThread } from "../support/run.js";

it("takes keys without the call, LangGraph's short form, in a root and in an object of keys", async () => {
  for (const state of [Annotation.Root({ text: Annotation<string> }), { text: Annotation<string> }]) {
    const graph = new StateGraph(state as { text: typeof Annotation<string> })
      .addNode("shout", ({ text }) => ({ text: text.toUpperCase() }))
      .addEdge(START, "shout")
      .compile({ checkpointer: new MemorySaver() });
    expect(await graph.invoke({ text: "hi" }, newThread())).toEqual({ text: "HI" });
  }
});

it("parses what an Overwrite in an input puts in a key's place as the whole value, not as an update", async () => {
  const State = new StateSchema({
    topic: z.string(),
    notes: new ReducedValue(
      z.array(z.string()).default(() => []),
      { inputSchema: z.string(), reducer: (all: string[], one: string) => [...all, one] },
    ),
  });
  const graph = new StateGraph(State)
    .addNode("n", ({ notes }) => ({ notes: `n${notes.length}` }))
    .addEdge(START, "n")
    .compile({ checkpointer: new MemorySaver() });
  const config = newThread();
  await graph.invoke({ topic: "a", notes: "one" }, config);
  const input = { topic: new Overwrite("b"), notes: new Overwrite(["fresh", "two"]) } as never;
  expect(await graph.invoke(input, config)).toEqual({ topic: "b", notes: ["fresh", "two", "n2"] });
  const refused = await graphErrorOf(graph.invoke({ topic: new Overwrite(7), notes: new Overwrite("no list") } as never, config));
  expect([refused.code, (refused.details.issues as { path: unknown[] }[]).map(({ path }) => path)]).toEqual([
    "INVALID_INPUT",
    [["topic"], ["notes"]],
  ]);
  expect((await graph.getState(config)).values).toEqual({ topic: "b", notes: ["fresh", "two", "n2"] });
});

describe.each([
  ["zod 4", z.object({ age: z.coerce.number().int(), tags: z.array(z.string()).default(() => []) })],
  ["zod 3", z3.object({ age: z3.coerce.number().int(), tags: z3.array(z3.string()).default(() => []) })],
  ["valibot", v.object({ age: v.pipe(v.unknown(), v.transform(Number), v.integer()), tags: v.optional(v.array(v.string()), () => []) })],
  [
    "StateSchema",
    new StateSchema({
      age: z.coerce.number().int(),
      tags: new ReducedValue(
        z.array(z.string()).default(() => []),
        { reducer: (_, next: string[]) => next },
      ),
    }),
  ],
])("a state of %s", (_, schema) => {
  const graph = new StateGraph(schema as typeof schema & StateSchema<never>)
    .addNode("grow", (state: { age: number; tags: string[] }) => ({ age: state.age + 1, tags: [...state.tags, "grown"] }) as never)
    .addEdge(START, "grow")
    .compile({ checkpointer: new MemorySaver() });

  it("parses the input, and gives defaults that no thread shares", async () => {
    for (let turn = 0; turn < 2; turn++)
      expect(await graph.invoke({ age: "41" } as never, newThread())).toEqual({ age: 42, tags: ["grown"] });
  });

  it("refuses a wrong input, and saves nothing of it", async () => {
    const config = newThread();
    for (const input of [{ age: "old" }, {}, { age: 1, tags: "no list" }]) {
      const error = await graphErrorOf(graph.invoke(input as never, config));
      expect(error.code).toBe("INVALID_INPUT");
      expect(error.details.issues).not.toEqual([]);
    }
    expect(await collect(graph.getStateHistory(config))).toEqual([]);
  });

  it("asks only once for what the thread has already", async () => {
    const config = newThread();
    await graph.invoke({ age: 1 } as never, config);
    expect(await graph.invoke({ tags: ["new"] } as never, config)).toEqual({ age: 3, tags: ["new", "grown"] });
  });
});

describe("input and output", () => {
  const Whole = Annotation.Root({ question: Annotation<string>(), work: Annotation<string>(), reply: Annotation<string>() });
  const build = () =>
    new StateGraph({ state: Whole, input: Annotation.Root({ question: Annotation<string>() }), output: z.object({ reply: z.string() }) })
      .addNode("think", ({ question }) => ({ work: `${question}!` }))
      .addNode("answer", ({ work }) => ({ reply: work }))
      .addEdge(START, "think")
      .addEdge("think", "answer")
      .compile({ checkpointer: new MemorySaver() });

  it("limit what goes in and what comes out", async () => {
    const graph = build();
    const config = newThread();
    expect(await graph.invoke({ question: "why" }, config)).toEqual({ reply: "why!" });
    expect(await graph.invoke({ question: "how", work: "smuggled" } as never, newThread())).toEqual({ reply: "how!" });
  });

  it("may be given after the state as well", async () => {
    const graph = new StateGraph(Whole, { output: Annotation.Root({ reply: Annotation<string>() }) })
      .addNode("answer", ({ question }) => ({ reply: question }))
      .addEdge(START, "answer")
      .compile();
    expect(await graph.invoke({ question: "why" })).toEqual({ reply: "why" });
  });
});

describe("private state", () => {
  it("goes from node to node, unseen by others and by results", async () => {
    const Secret = Annotation.Root({ secret: Annotation<string>(), log: log() });
    const seen: unknown[] = [];
    const graph = new StateGraph(LogState)
      .addNode("write", () => ({ secret: "psst", log: ["write"] }) as never)
      .addNode("look", (state) => void seen.push(state))
      .addNode("read", (state) => ({ log: [state.secret] }), { input: Secret })
      .addEdge(START, "write")
      .addEdge("write", "look")
      .addEdge("look", "read")
      .compile({ checkpointer: new MemorySaver() });
    expect(await graph.invoke({}, newThread())).toEqual({ log: ["write", "psst"] });
    expect(seen).toEqual([{ log: ["write"] }]);
  });
});

describe("context", () => {
  const graph = new StateGraph(LogState, { context: z.object({ user: z.string(), limit: z.number().default(3) }) })
    .addNode("who", (_, { context }) => ({ log: [`${context.user} ${context.limit}`] }))
    .addEdge(START, "who")
    .compile();

  it("reaches nodes as its schema makes it", async () => {
    expect((await graph.invoke({}, { context: { user: "ada", limit: 3 } })).log).toEqual(["ada 3"]);
    expect((await graph.invoke({}, { context: { user: "ada" } as never })).log).toEqual(["ada 3"]);
  });
  it("is refused where it does not fit", async () => {
    for (const context of [{ user: 7 }, undefined]) {
      const error = await graphErrorOf(graph.invoke({}, { context: context as never }));
      expect([error.code, error.message]).toEqual(["INVALID_CONFIG", expect.stringContaining("user")]);
    }
  });
});

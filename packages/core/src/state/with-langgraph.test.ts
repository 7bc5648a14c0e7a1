import * as peer from "@langchain/langgraph";
import { withLangGraph as peersWithLangGraph } from "@langchain/langgraph/zod";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { z as z3 } from "zod/v3";
import { eachSaver } from "../../test/support/each-saver.js";
import { graphErrorOf, newThread } from "../../test/support/run.js";
import * as core from "../index.js";
import { Command, GraphError, interrupt, Overwrite, START, StateGraph, StateSchema, withLangGraph } from "../index.js";

const append = { fn: (all: string[], one: string) => [...all, one], schema: z.string() };

/** The same state, declared with either zod. */
const schemas = {
  "zod 4": () =>
    z.object({
      notes: withLangGraph(z.array(z.string()).default([]), { reducer: append }),
      seen: withLangGraph(z.number(), { default: () => 7 }),
      topic: z.string(),
    }),
  "zod 3": () =>
    z3.object({
      notes: withLangGraph(z3.array(z3.string()).default([]), { reducer: append }),
      seen: withLangGraph(z3.number(), { default: () => 7 }),
      topic: z3.string(),
    }) as unknown as ReturnType<(typeof schemas)["zod 4"]>,
};

describe.each(Object.entries(schemas))("withLangGraph in an object schema of %s", (_name, schema) => {
  it.each(eachSaver)("gives keys a reducer and a default, and each its state, on $name", async ({ open }) => {
    const graph = new StateGraph(schema())
      .addNode("write", ({ topic }) => ({ notes: `of ${topic}`, topic: interrupt<string>("Topic?") }))
      .addNode("clear", ({ notes }) => ({ notes: new Overwrite([`${notes.length} notes`]) }))
      .addEdge(START, "write")
      .addEdge("write", "clear")
      .compile({ checkpointer: open().saver });
    const thread = newThread();
    expect(await graph.invoke({ notes: "first", topic: "cats" }, thread)).toMatchObject({ notes: ["first"], seen: 7, topic: "cats" });
    expect(await graph.invoke(new Command({ resume: "dogs" }), thread)).toEqual({ notes: ["2 notes"], seen: 7, topic: "dogs" });
    expect((await graph.getState(thread)).values).toEqual({ notes: ["2 notes"], seen: 7, topic: "dogs" });
  });

  it("checks an input by the schema of its updates", async () => {
    const graph = new StateGraph(schema())
      .addNode("write", () => ({}))
      .addEdge(START, "write")
      .compile();
    const error = await graphErrorOf(graph.invoke({ notes: 7 as never, topic: "cats" }));
    expect([error.code, error.message]).toEqual(["INVALID_INPUT", expect.stringContaining("notes")]);
  });
});

it("does what LangGraph's does with a state of the same schema", async () => {
  const run = async (from: typeof core, note: typeof withLangGraph, zod: typeof z) => {
    const notes = note(zod.array(zod.string()), {
      reducer: { fn: (all: string[], one: string) => [...all, one], schema: zod.string() as z.ZodType<string> },
      default: () => ["none"],
    });
    const graph = new from.StateGraph(zod.object({ notes, topic: zod.string().default("cats") }))
      .addNode("write", ({ topic }) => ({ notes: topic }))
      .addEdge(from.START, "write")
      .compile();
    return [await graph.invoke({ notes: "first", topic: "cats" }), await graph.invoke({ topic: "dogs" })];
  };
  for (const zod of [z, z3 as unknown as typeof z])
    expect(await run(core, withLangGraph, zod)).toEqual(
      await run(peer as unknown as typeof core, peersWithLangGraph as unknown as typeof withLangGraph, zod),
    );
});

it("counts in a StateSchema too; without a reducer, or notes of the platform's alone, a schema is what it was", async () => {
  const State = new StateSchema({
    notes: withLangGraph(z.array(z.string()), { reducer: append, default: () => [] }),
    topic: withLangGraph(z.string(), { jsonSchemaExtra: { langgraph_type: "prompt" } }),
  });
  const graph = new StateGraph(State)
    .addNode("write", ({ topic }) => ({ notes: topic, topic: "dogs" }))
    .addEdge(START, "write")
    .compile();
  expect(await graph.invoke({ topic: "cats" })).toEqual({ notes: ["cats"], topic: "dogs" });
});

it("refuses what nobody would read", () => {
  const notes = z.array(z.string());
  const given: [meta: unknown, said: string][] = [
    [{ reducer: append.fn }, "reducer"],
    [{ reducer: { fn: "append" } }, "fn"],
    [{ reducer: { ...append, accept: append.fn } }, "accept"],
    [{ initial: () => [] }, "initial"],
    ["reducer", "withLangGraph()"],
  ];
  for (const [meta, said] of given)
    expect(() => withLangGraph(notes, meta as never)).toThrow(
      expect.objectContaining({ code: "INVALID_OPTIONS", message: expect.stringContaining(said) }),
    );
  const none = z.object({ notes: withLangGraph(z.array(z.string()), { reducer: {} as never }) });
  expect(() => new StateGraph(none)).toThrow(GraphError);
});

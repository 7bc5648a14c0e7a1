import { describe, expect, it } from "vitest";
import { z } from "zod";
import { START } from "../constants.js";
import { GraphError } from "../errors.js";
import { Annotation } from "../state/annotation.js";
import { StateSchema } from "../state/state-schema.js";
import { StateGraph } from "./state-graph.js";

const State = Annotation.Root({ list: Annotation<string[]>({ reducer: (all, more) => all.concat(more), default: () => [] }) });
const Input = Annotation.Root({ list: Annotation<string[]> });
const who = z.object({ user: z.string() });

/** Builds a graph of forms that the types may not know. */
const build = (...forms: readonly unknown[]) =>
  new StateGraph(...(forms as [typeof State, Record<never, never>]))
    .addNode("greet", (_, { context }) => ({ list: [`hello ${(context as { user?: string } | undefined)?.user}`] }))
    .addEdge(START, "greet")
    .compile();

describe("forms in which LangGraph takes a graph's schemas", () => {
  it.each([
    ["a schema of the context by itself", [State, who]],
    ["a schema of the context among the options", [State, { context: who }]],
    ["one object", [{ state: State, context: who }]],
    ["one object with the state's older name", [{ stateSchema: State, input: Input, context: who }]],
    ["one object and the context by itself", [{ stateSchema: State }, who]],
  ])("%s: the context is checked", async (_, forms) => {
    const graph = build(...forms);
    expect(await graph.invoke({ list: ["start"] }, { context: { user: "Ada" } })).toEqual({ list: ["start", "hello Ada"] });
    await expect(graph.invoke({}, { context: { user: 7 } })).rejects.toThrow(/context/);
  });

  it.each([
    ["by itself", [State, Annotation.Root({ user: Annotation<string> })]],
    ["among the options", [State, { context: Annotation.Root({ user: Annotation<string> }) }]],
  ])("annotations of the context %s check nothing", async (_, forms) => {
    expect(await build(...forms).invoke({}, { context: { user: "Ada" } })).toEqual({ list: ["hello Ada"] });
  });

  it("channels: null keeps the last value, a reducer folds from the default", async () => {
    const join = (all: string[], more: string[]) => all.concat(more);
    const channels = {
      last: null,
      folded: { reducer: join, default: () => ["first"] },
      older: { value: join, default: () => [] },
      plain: { default: () => "as it was" },
      annotated: Annotation<string[]>({ reducer: join, default: () => [] }),
      schema: z.string().default("of the schema"),
    };
    const update = { last: 2, folded: ["second"], older: ["one"], annotated: ["one"] };
    const graph = new StateGraph({ channels } as never)
      .addNode("node", () => update as never)
      .addEdge(START, "node")
      .compile();
    expect(await graph.invoke({ last: 1, older: ["zero"] } as never)).toEqual({
      last: 2,
      folded: ["first", "second"],
      older: ["zero", "one"],
      plain: "as it was",
      annotated: ["one"],
      schema: "of the schema",
    });
  });

  it("keys of these names are keys like others", async () => {
    const named = {
      stateSchema: Annotation<string>(),
      context: Annotation<string>(),
      channels: Annotation<string>(),
      state: Annotation<string>(),
    };
    const graph = new StateGraph(named)
      .addNode("node", ({ channels }) => ({ context: channels }))
      .addEdge(START, "node")
      .compile();
    expect(await graph.invoke({ channels: "x", state: "y" })).toEqual({ channels: "x", state: "y", context: "x" });
  });

  it.each([
    ["a context that nothing can be checked by", [State, { context: { user: "string" } }], "Standard Schema"],
    ["the same in one object", [{ state: State, context: { user: "string" } }], "Standard Schema"],
    ["a StateSchema of the context", [State, new StateSchema({ user: z.string() })], "z.object"],
    ["a channel of no known form", [{ channels: { list: {} } }], "channels.list"],
    ["a channel that is nothing", [{ channels: { list: undefined } }], "channels.list"],
  ])("%s is refused, with the form to use", (_, forms, remedy) => {
    let error: unknown;
    try {
      build(...forms);
    } catch (thrown) {
      error = thrown;
    }
    expect(GraphError.is(error, "INVALID_GRAPH") && error.message).toContain(remedy);
  });
});

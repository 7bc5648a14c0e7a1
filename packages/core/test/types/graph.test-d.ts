// What the types say of nodes, edges and streams. Compiled by `tsc`, never run.
import { expectTypeOf } from "vitest";
import { Annotation, Command, END, entrypoint, type Interrupt, type Overwrite, Send, START, StateGraph } from "../../src/index.js";

const State = Annotation.Root({ text: Annotation<string>() });
const update = () => ({ text: "x" });
const builder = new StateGraph(State).addNode("a", update).addNode({ b: update, c: update });

// Edges lead from nodes to nodes.
builder.addEdge(START, "a").addEdge("a", "b").addEdge(["a", "b"], "c").addEdge("c", END);
// @ts-expect-error no such node
builder.addEdge("a", "d");
// @ts-expect-error no such node
builder.addEdge("d", "a");
// @ts-expect-error no such node in a fan-in
builder.addEdge(["a", "d"], "b");
// @ts-expect-error nothing leaves the end
builder.addEdge(END, "a");
// @ts-expect-error nothing leads to the start
builder.addEdge("a", START);
// @ts-expect-error no such node
builder.setEntryPoint("d");

builder.addConditionalEdges("a", ({ text }) => (text === "" ? "b" : END));
builder.addConditionalEdges("a", () => [new Send("b", { any: 1 })], ["b"]);
builder.addConditionalEdges("a", () => true, { true: "b", false: END });
builder.addConditionalEdges({ source: "a", path: ({ text }) => (text === "" ? "b" : END), pathMap: ["b", END] });
// @ts-expect-error: no such node
builder.addConditionalEdges({ source: "zz", path: () => "b" });
// @ts-expect-error no such node
builder.addConditionalEdges("d", () => "a");
// @ts-expect-error the map leads to no such node
builder.addConditionalEdges("a", () => true, { true: "d" });
// @ts-expect-error there is no such key to read
builder.addConditionalEdges("a", ({ nothing }) => nothing);

// A sequence adds its nodes.
builder.addSequence({ d: update, e: update }).addEdge("e", "d");
builder
  .addSequence([
    ["f", update],
    ["g", update],
  ])
  .addEdge("g", "f");

// Commands
expectTypeOf(new Command({ resume: true }).resume).toEqualTypeOf<boolean | undefined>();
expectTypeOf(new Command({ goto: "a" }).goto).toEqualTypeOf<("a" | Send<"a">)[]>();

// Streams: a chunk's type follows from the mode.
const graph = builder.compile();
type Chunk<T> = T extends Promise<AsyncIterable<infer Item>> ? Item : never;
type Values = { text: string } & { __interrupt__?: readonly Interrupt[] };

const byDefault = graph.stream({});
expectTypeOf<NonNullable<Chunk<typeof byDefault>["a"]>["text"]>().toExtend<unknown>();
expectTypeOf<Chunk<typeof byDefault>["__interrupt__"]>().toEqualTypeOf<readonly Interrupt[] | undefined>();
// @ts-expect-error no such node
type NoNode = Chunk<typeof byDefault>["zzz"];

const values = graph.stream({}, { streamMode: "values" });
expectTypeOf<Chunk<typeof values>["text"]>().toEqualTypeOf<string>();
expectTypeOf<Chunk<typeof values>>().toExtend<Values>();

const several = graph.stream({}, { streamMode: ["values", "custom"] });
expectTypeOf<Chunk<typeof several>[0]>().toEqualTypeOf<"values" | "custom">();
for await (const chunk of await several) {
  if (chunk[0] === "values") expectTypeOf(chunk[1].text).toEqualTypeOf<string>();
  else expectTypeOf(chunk[1]).toBeUnknown();
}

// Core knows no model library: what messages are is said by the one that registers its bridge.
for await (const [message, metadata] of await graph.stream({}, { streamMode: "messages" })) {
  expectTypeOf(message).toBeUnknown();
  expectTypeOf(metadata.langgraph_step).toEqualTypeOf<number>();
}
for await (const { config, parentConfig, values, tasks } of await graph.stream({}, { streamMode: "checkpoints" })) {
  expectTypeOf(values.text).toEqualTypeOf<string>();
  expectTypeOf(parentConfig).toEqualTypeOf<typeof config | undefined>();
  void graph.getState(config);
  for (const { state } of tasks) if (state !== undefined) void graph.getState(state);
}
for await (const chunk of await graph.stream({}, { streamMode: "tasks" })) {
  if (chunk.result === undefined) expectTypeOf(chunk.metadata).toEqualTypeOf<Readonly<Record<string, unknown>> | undefined>();
  else expectTypeOf<Exclude<typeof chunk.result.text, Overwrite<string>>>().toEqualTypeOf<string | undefined>();
}
for await (const chunk of await graph.stream({}, { streamMode: "debug" })) {
  if (chunk.type === "checkpoint") expectTypeOf(chunk.payload.values.text).toEqualTypeOf<string>();
  if (chunk.type === "task") expectTypeOf(chunk.payload.triggers).toEqualTypeOf<readonly string[]>();
}

const nested = graph.stream({}, { streamMode: "values", subgraphs: true });
expectTypeOf<Chunk<typeof nested>[0]>().toEqualTypeOf<string[]>();
const both = graph.stream({}, { streamMode: ["values"], subgraphs: true });
expectTypeOf<Chunk<typeof both>[1]>().toEqualTypeOf<"values">();
// @ts-expect-error no such mode
void graph.stream({}, { streamMode: "everything" });

// A compiled graph is a node of another.
new StateGraph(State).addNode("inner", graph).addEdge(START, "inner");

// Entrypoints
const flow = entrypoint("flow", async (topic: string) => ({ text: topic }));
expectTypeOf((await flow.invoke("cats")).text).toEqualTypeOf<string>();
// @ts-expect-error the topic is a string
void flow.invoke(7);
const kept = entrypoint("kept", (n: number) => entrypoint.final({ value: String(n), save: n }));
expectTypeOf(await kept.invoke(1)).toExtend<string>();

export type { NoNode };

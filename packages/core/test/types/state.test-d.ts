// What the types say of states, updates and results. Compiled by `tsc`, never run.
import * as v from "valibot";
import { expectTypeOf } from "vitest";
import { z } from "zod";
import { z as z3 } from "zod/v3";
import {
  Annotation,
  Command,
  type Interrupt,
  interrupt,
  type NodeOptions,
  Overwrite,
  ReducedValue,
  START,
  type StateChannel,
  StateGraph,
  StateSchema,
  task,
  withLangGraph,
} from "../../src/index.js";

// Annotation
const State = Annotation.Root({
  topic: Annotation<string>(),
  notes: Annotation<string[], string>({ reducer: (all, one) => [...all, one], default: () => [] }),
});
expectTypeOf<typeof State.State>().toEqualTypeOf<{ topic: string; notes: string[] }>();
expectTypeOf<typeof State.Update>().toEqualTypeOf<{ topic?: string | Overwrite<string>; notes?: string | Overwrite<string[]> }>();

const graph = new StateGraph(State)
  .addNode("write", (state, runtime) => {
    expectTypeOf(state).toEqualTypeOf<{ topic: string; notes: string[] }>();
    expectTypeOf(runtime.signal).toEqualTypeOf<AbortSignal | undefined>();
    return { notes: "one" };
  })
  .addNode("rewrite", () => ({ notes: new Overwrite(["fresh"]) }))
  .addNode("command", () => new Command({ update: { notes: "one" }, goto: "write" }))
  .addNode("list", () => [{ topic: "a" }, new Command({ goto: "write" })])
  .addNode("nothing", () => {})
  .addNode("later", async () => undefined)
  .addEdge(START, "write")
  .compile();
expectTypeOf(await graph.invoke({ topic: "cats" })).toEqualTypeOf<{ topic: string; notes: string[] } & { __interrupt__?: Interrupt[] }>();
expectTypeOf((await graph.getState({})).values).toEqualTypeOf<{ topic: string; notes: string[] }>();
for await (const { values } of graph.getStateHistory({})) expectTypeOf(values.notes).toEqualTypeOf<string[]>();

const builder = new StateGraph(State);
// @ts-expect-error a note is a string, not a number
builder.addNode("wrong", () => ({ notes: 7 }));
// @ts-expect-error the list of notes is what the key holds, not what is written to it
builder.addNode("wrong", () => ({ notes: ["one"] }));
// @ts-expect-error an overwrite is of what the key holds
builder.addNode("wrong", () => ({ notes: new Overwrite("one") }));
// @ts-expect-error there is no such key to read
builder.addNode("wrong", ({ nothing }) => ({ topic: nothing }));
// @ts-expect-error a node returns no text
builder.addNode("wrong", () => "text");
// @ts-expect-error the input is an update
void graph.invoke({ topic: 7 });
// @ts-expect-error updateState takes an update
void graph.updateState({}, { notes: 7 });

// Schemas of each make: what nodes read is the schema's output, what comes in its input.
const schemas = {
  zod4: z.object({ age: z.coerce.number<string>(), tags: z.array(z.string()).default([]) }),
  zod3: z3.object({ age: z3.string().transform(Number), tags: z3.array(z3.string()).default([]) }),
  valibot: v.object({ age: v.pipe(v.string(), v.transform(Number)), tags: v.optional(v.array(v.string()), []) }),
};
interface Read {
  age: number;
  tags: string[];
}
const four = new StateGraph(schemas.zod4)
  .addNode("n", (state) => void expectTypeOf(state).toEqualTypeOf<Read>())
  .addEdge(START, "n")
  .compile();
const three = new StateGraph(schemas.zod3)
  .addNode("n", (state) => void expectTypeOf(state).toEqualTypeOf<Read>())
  .addEdge(START, "n")
  .compile();
const vali = new StateGraph(schemas.valibot)
  .addNode("n", (state) => void expectTypeOf(state).toEqualTypeOf<Read>())
  .addEdge(START, "n")
  .compile();
for (const one of [four, three, vali]) expectTypeOf((await one.invoke({ age: "7" })).age).toEqualTypeOf<number>();
// @ts-expect-error zod 4: an age comes in as text
void four.invoke({ age: 7 });
// @ts-expect-error zod 3
void three.invoke({ age: 7 });
// @ts-expect-error valibot
void vali.invoke({ age: 7 });

// StateSchema
const Mixed = new StateSchema({
  topic: z.string(),
  notes: new ReducedValue(z.array(z.string()), { reducer: (all, one: string) => [...all, one] }),
  kept: Annotation<number>(),
});
expectTypeOf<typeof Mixed.State>().toEqualTypeOf<{ topic: string; notes: string[]; kept: number }>();
expectTypeOf<typeof Mixed.Update>().toEqualTypeOf<{ topic?: string; notes?: string; kept?: number }>();
// @ts-expect-error the reducer returns what the key holds
new ReducedValue(z.array(z.string()), { reducer: () => "text" });

// Input, output, context, private state
const whole = new StateGraph({
  state: State,
  input: Annotation.Root({ topic: Annotation<string>() }),
  output: z.object({ notes: z.array(z.string()) }),
  context: z.object({ user: z.string() }),
})
  .addNode("n", (state, { context }) => {
    expectTypeOf(state).toEqualTypeOf<{ topic: string; notes: string[] }>();
    expectTypeOf(context).toEqualTypeOf<{ user: string }>();
    return { notes: "one" };
  })
  .addNode("own", ({ secret }) => ({ topic: secret }), { input: Annotation.Root({ secret: Annotation<string>() }) })
  .addEdge(START, "n")
  .compile();
expectTypeOf((await whole.invoke({ topic: "cats" }, { context: { user: "ada" } })).notes).toEqualTypeOf<string[]>();
// @ts-expect-error the output has no topic
void (await whole.invoke({ topic: "cats" })).topic;
// Streams and states show all of the state, and updates of all of it.
expectTypeOf((await whole.getState({})).values).toEqualTypeOf<{ topic: string; notes: string[] }>();
for await (const { values } of whole.getStateHistory({})) expectTypeOf(values.topic).toEqualTypeOf<string>();
for await (const chunk of await whole.stream({ topic: "cats" }, { streamMode: "values" }))
  expectTypeOf(chunk.topic).toEqualTypeOf<string>();
for await (const chunk of await whole.stream({ topic: "cats" })) expectTypeOf(chunk.n).toEqualTypeOf<typeof State.Update | undefined>();
void whole.updateState({}, { notes: "one" });
// With keys, what these leave.
for await (const chunk of await whole.stream({ topic: "cats" }, { streamMode: "values", outputKeys: ["topic"] })) {
  expectTypeOf(chunk.topic).toEqualTypeOf<string>();
  // @ts-expect-error notes were not asked for
  void chunk.notes;
}
for await (const chunk of await whole.stream({ topic: "cats" }, { outputKeys: ["topic"] }))
  expectTypeOf(chunk.n).toEqualTypeOf<Pick<typeof State.Update, "topic"> | undefined>();
for await (const [, chunk] of await whole.stream({ topic: "cats" }, { streamMode: ["values"], outputKeys: "notes" }))
  expectTypeOf(chunk).toExtend<string[]>();
// @ts-expect-error there is no such key
void whole.stream({ topic: "cats" }, { outputKeys: ["nothing"] });
// @ts-expect-error there is no such key
void whole.invoke({ topic: "cats" }, { outputKeys: "nothing", context: { user: "ada" } });
void whole.invoke({ topic: "cats" }, { outputKeys: ["topic"], context: { user: "ada" } });
// What a call of either of two graphs gives, and what is read off a method's type, is what a plain call would.
const either = Math.random() > 0.5 ? whole : graph;
expectTypeOf((await either.invoke({ topic: "cats" })).notes).toEqualTypeOf<string[]>();
expectTypeOf<Awaited<ReturnType<typeof whole.invoke>>["notes"]>().toEqualTypeOf<string[]>();
// @ts-expect-error the input has no notes
void whole.invoke({ notes: "one" });
// @ts-expect-error the context names a user
void whole.invoke({ topic: "cats" }, { context: { user: 7 } });

// A node's own state, of every form in which one is declared; other options leave the graph's.
const secrets = { secret: Annotation<string>() };
new StateGraph(State)
  .addNode("root", ({ secret }) => void expectTypeOf(secret).toEqualTypeOf<string>(), { input: Annotation.Root(secrets) })
  .addNode("plain", (state) => void expectTypeOf(state).toEqualTypeOf<{ secret: string }>(), { input: secrets })
  .addNode("schema", (state) => void expectTypeOf(state).toEqualTypeOf<{ secret: string }>(), { input: new StateSchema(secrets) })
  .addNode("zod", (state) => void expectTypeOf(state).toEqualTypeOf<Read>(), { input: schemas.zod4, ends: ["root"] })
  .addNode("valibot", (state) => void expectTypeOf(state).toEqualTypeOf<Read>(), { input: schemas.valibot })
  .addNode("sent", ({ city }: { city: string }) => ({ topic: city }))
  .addNode("deferred", ({ topic }) => ({ topic }), { defer: true, ends: ["root"] });
// @ts-expect-error the graph's keys are not the node's
builder.addNode("wrong", ({ topic }) => ({ topic }), { input: secrets });
// @ts-expect-error the parameter is not of the node's state
builder.addNode("wrong", ({ secret }: { secret: number }) => ({ topic: String(secret) }), { input: secrets });
// @ts-expect-error that declares no state
builder.addNode("wrong", () => ({}), { input: { secret: 7 } });

// A key is as wide as it is declared: what reads it may read more.
expectTypeOf<StateChannel<"a">>().toExtend<StateChannel<string>>();
expectTypeOf<StateChannel<string>>().not.toExtend<StateChannel<"a">>();

// Answers and tasks
expectTypeOf(interrupt("?")).toBeUnknown();
expectTypeOf(interrupt<{ age: string }>("?")).toEqualTypeOf<{ age: string }>();
expectTypeOf(interrupt("?", { schema: z.coerce.number() })).toEqualTypeOf<number>();
const write = task("write", async (topic: string, words?: number) => ({ topic, words }));
expectTypeOf(write).parameters.toEqualTypeOf<[topic: string, words?: number]>();
expectTypeOf(await write("cats")).toEqualTypeOf<{ topic: string; words: number | undefined }>();
// @ts-expect-error the topic is missing
void write();

// Options that stand apart leave the node its graph's state.
const patient: NodeOptions = { defer: true };
builder.addNode("later", (state) => void expectTypeOf(state).toEqualTypeOf<{ topic: string; notes: string[] }>(), patient);
// @ts-expect-error there is no such key to read
builder.addNode("wrong", ({ nothing }) => ({ topic: nothing }), patient);

// Keys of an object schema with a reducer of their own
const append = { fn: (all: string[], one: string) => [...all, one] };
const Noted = z.object({ notes: withLangGraph(z.array(z.string()), { reducer: append }), topic: z.string().default("cats") });
const Noted3 = z3.object({ notes: withLangGraph(z3.array(z3.string()), { reducer: append }), topic: z3.string().default("cats") });
const NotedFields = new StateSchema({ notes: withLangGraph(z.array(z.string()), { reducer: append }), topic: z.string() });
for (const noted of [new StateGraph(Noted), new StateGraph(NotedFields)] as const) {
  noted.addNode("write", () => ({ notes: "one" }));
}
const notedGraph = new StateGraph(Noted)
  .addNode("write", (state) => {
    expectTypeOf(state).toEqualTypeOf<{ notes: string[]; topic: string }>();
    return { notes: "one" };
  })
  .addNode("rewrite", () => ({ notes: new Overwrite(["fresh"]) }))
  // @ts-expect-error the list of notes is what the key holds, not what is written to it
  .addNode("wrong", () => ({ notes: ["one"] }))
  .compile();
void notedGraph.invoke({ notes: "first" });
// @ts-expect-error a note is a text
void notedGraph.invoke({ notes: 7 });
new StateGraph(Noted3)
  .addNode("write", (state) => {
    expectTypeOf(state).toEqualTypeOf<{ notes: string[]; topic: string }>();
    return { notes: "one", topic: "dogs" };
  })
  // @ts-expect-error the list of notes is what the key holds, not what is written to it
  .addNode("wrong", () => ({ notes: ["one"] }));
// @ts-expect-error the reducer folds what the schema holds
withLangGraph(z.number(), { reducer: append });

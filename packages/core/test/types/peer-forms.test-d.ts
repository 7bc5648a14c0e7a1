// Forms in which programs for LangGraph JS are written. Compiled by `tsc`, never run.
import type { RunnableConfig } from "@langchain/core/runnables";
import { expectTypeOf } from "vitest";
import { z } from "zod";
import {
  Annotation,
  type BaseCheckpointSaver,
  Command,
  type CompiledStateGraph,
  type ConditionalEdgeRouter,
  END,
  type ExtractStateType,
  type ExtractUpdateType,
  type GraphNode,
  interrupt,
  isNodeTimeoutError,
  isParentCommand,
  isUnknownInterruptError,
  type LangGraphRunnableConfig,
  MemorySaver,
  type NodeError,
  NodeInterrupt,
  type NodeTimeoutError,
  type Overwrite,
  type Runtime,
  Send,
  START,
  StateGraph,
  StateSchema,
  type UnknownInterruptError,
} from "../../src/index.js";

// Keys without the call, alone and beside others.
const State = Annotation.Root({
  topic: Annotation<string>,
  error: Annotation<string | undefined>,
  count: Annotation<number>({ reducer: (a, b) => a + b, default: () => 0 }),
});
expectTypeOf<typeof State.State>().toEqualTypeOf<{ topic: string; error: string | undefined; count: number }>();
expectTypeOf<(typeof State.Update)["topic"]>().toEqualTypeOf<string | Overwrite<string> | undefined>();
const Wider = Annotation.Root({ ...State.spec, more: Annotation<boolean> });
expectTypeOf<typeof Wider.State>().toEqualTypeOf<{ topic: string; error: string | undefined; count: number; more: boolean }>();
// @ts-expect-error a function that makes no channel is no key
Annotation.Root({ topic: () => "text" });

// Nodes apart from the graph, by the types of the state, with LangChain's config or ours.
const plain = async (state: typeof State.State): Promise<typeof State.Update> => ({ topic: state.topic.toUpperCase(), error: undefined });
const configured = (_: typeof State.State, config: RunnableConfig) => ({ topic: String(config.configurable?.thread_id) });
const ours = (_: typeof State.State, { tags }: Runtime) => ({ topic: tags.join() });
const command = async ({ count }: typeof State.State) =>
  count > 1 ? new Command({ goto: END }) : new Command({ update: { count: 1 }, goto: "plain" });
const graph = new StateGraph(State)
  .addNode("plain", plain)
  .addNode("configured", configured)
  .addNode({ ours })
  .addNode("command", command, { ends: ["plain", END] })
  .addNode("own", ({ secret }) => ({ topic: secret }), { input: Annotation.Root({ secret: Annotation<string> }) })
  .addEdge(START, "plain")
  .compile();
expectTypeOf((await graph.invoke({ topic: "cats" })).count).toEqualTypeOf<number>();
// @ts-expect-error the topic is a string
void graph.invoke({ topic: 7 });

const inputAndOutput = new StateGraph(State, {
  input: Annotation.Root({ topic: Annotation<string> }),
  output: Annotation.Root({ count: Annotation<number> }),
})
  .addNode("plain", plain)
  .addEdge(START, "plain")
  .compile();
expectTypeOf((await inputAndOutput.invoke({ topic: "cats" })).count).toEqualTypeOf<number>();
// One of two graphs: their methods can be called.
const either = Math.random() > 0.5 ? graph : inputAndOutput;
expectTypeOf((await either.invoke({ topic: "cats" })).count).toEqualTypeOf<number>();
new StateGraph({ topic: Annotation<string> }).addNode("shout", (state) => void expectTypeOf(state).toEqualTypeOf<{ topic: string }>());

// Questions: the answer's type alone, or the value's and the answer's.
expectTypeOf(interrupt<number>("How many?")).toEqualTypeOf<number>();
expectTypeOf(interrupt<{ ask: string }, number>({ ask: "How many?" })).toEqualTypeOf<number>();
expectTypeOf(interrupt("How many?")).toBeUnknown();
// @ts-expect-error the value is not of the type that it was said to be
interrupt<{ ask: string }, number>("How many?");
new StateGraph(State).addNode("ask", (_, runtime) => ({ count: runtime.interrupt<{ ask: string }, number>({ ask: "How many?" }) }));

// A graph that a node calls takes the node's own config.
const caller = new StateGraph(State)
  .addNode("call", (state, runtime) => graph.invoke(state, runtime))
  .addEdge(START, "call")
  .compile();
expectTypeOf((await caller.invoke({})).topic).toEqualTypeOf<string>();

// The context's schema alone, checked or only typed.
const who = z.object({ user: z.string() });
const greeted = new StateGraph(State, who)
  .addNode("greet", (_, { context }) => void expectTypeOf(context).toEqualTypeOf<{ user: string }>())
  .addEdge(START, "greet")
  .compile();
void greeted.invoke({}, { context: { user: "Ada" } });
// @ts-expect-error the user is a string
void greeted.invoke({}, { context: { user: 7 } });
new StateGraph(State, Annotation.Root({ user: Annotation<string> })).addNode(
  "greet",
  (_, { context }) => void expectTypeOf(context).toEqualTypeOf<{ user: string }>(),
);
new StateGraph({ stateSchema: State }).addNode("shout", (state) => void expectTypeOf(state.topic).toEqualTypeOf<string>());

// `invoke` with a stream mode gives the chunks, which its type cannot say: in TypeScript it is `stream` that has modes.
// @ts-expect-error no option of invoke
void graph.invoke({}, { streamMode: "custom" });

// Nodes and routers apart from the graph, by the schema.
const Fields = new StateSchema({ text: z.string(), count: z.number().default(0) });
const toPlain: GraphNode<typeof State> = async ({ topic }) => ({ topic: topic.toUpperCase() });
const toEither: GraphNode<typeof State, { user: string }, "plain" | "other"> = (_, { context }) => {
  expectTypeOf(context.user).toEqualTypeOf<string>();
  return new Command({ goto: "plain", update: { count: 1 } });
};
// @ts-expect-error no such node
const astray: GraphNode<typeof State, unknown, "plain"> = () => new Command({ goto: "other" });
// @ts-expect-error the topic is a string
const wrong: GraphNode<typeof State> = () => ({ topic: 7 });
const route: ConditionalEdgeRouter<typeof Fields, unknown, "plain" | "other"> = ({ count }) =>
  count > 3 ? END : count > 2 ? [new Send("other", {})] : "plain";
// @ts-expect-error no such node
const nowhere: ConditionalEdgeRouter<typeof Fields, unknown, "plain"> = () => "other";
void [astray, wrong, nowhere];
new StateGraph(State, { context: z.object({ user: z.string() }) }).addNode("either", toEither).addNode("plain", toPlain);
new StateGraph(State).addNode("plain", toPlain);
const fromFields: GraphNode<typeof Fields> = ({ count }, { signal }) => ({ count: signal?.aborted ? 0 : count + 1 });
new StateGraph(Fields).addNode({ plain: fromFields, other: fromFields }).addConditionalEdges("plain", route).compile();
expectTypeOf<ExtractStateType<typeof State>>().toEqualTypeOf<typeof State.State>();
expectTypeOf<ExtractUpdateType<typeof Fields>>().toEqualTypeOf<typeof Fields.Update>();

// Second names.
const compiled: CompiledStateGraph<typeof State.State, typeof State.Update, "plain"> = new StateGraph(State)
  .addNode("plain", plain)
  .compile();
const withConfig = (_: typeof State.State, config: LangGraphRunnableConfig<{ user: string }>) => ({ topic: config.context.user });
new StateGraph(State, { context: z.object({ user: z.string() }) }).addNode("withConfig", withConfig);
void compiled;

// Guards, and the saver's older name.
const thrown: unknown = undefined;
if (isNodeTimeoutError(thrown)) expectTypeOf(thrown).toEqualTypeOf<NodeTimeoutError>();
if (isUnknownInterruptError(thrown)) expectTypeOf(thrown).toEqualTypeOf<UnknownInterruptError>();
if (isParentCommand(thrown)) expectTypeOf(thrown.command).toEqualTypeOf<Command>();
new StateGraph(State).addNode("read", ({ topic }) => {
  if (topic === "") throw new NodeInterrupt("Nothing to read");
  return { topic };
});
const saver: BaseCheckpointSaver = new MemorySaver();
void saver;

// Error handlers get what the node gets, and give what a node gives.
new StateGraph(State)
  .addNode("plain", plain, {
    errorHandler: (state, failure, runtime) => {
      expectTypeOf(state).toEqualTypeOf<typeof State.State>();
      expectTypeOf(failure).toEqualTypeOf<NodeError>();
      expectTypeOf(runtime.tags).toEqualTypeOf<string[]>();
      return new Command({ update: { error: failure.error.message }, goto: END });
    },
  })
  // @ts-expect-error the topic is a string
  .addNode("wrong", plain, { errorHandler: () => ({ topic: 7 }) })
  .addNode("own", ({ secret }) => ({ topic: secret }), {
    input: Annotation.Root({ secret: Annotation<string> }),
    errorHandler: ({ secret }) => ({ error: secret }),
  })
  .setNodeDefaults({
    timeout: 5,
    errorHandler: (state, { node }) => {
      expectTypeOf(state).toEqualTypeOf<unknown>();
      return { error: node };
    },
  })
  // @ts-expect-error the topic is a string
  .setNodeDefaults({ errorHandler: () => ({ topic: 7 }) });

// Nodes by name.
expectTypeOf(graph.nodes.plain.invoke).returns.toEqualTypeOf<Promise<unknown>>();
expectTypeOf<keyof typeof graph.nodes>().toEqualTypeOf<"__start__" | "plain" | "configured" | "ours" | "command" | "own">();
const anyGraph: { readonly nodes: Readonly<Record<string, { readonly name: string }>> } = graph;
void anyGraph;

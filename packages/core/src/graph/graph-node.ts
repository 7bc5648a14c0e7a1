import type { END } from "../constants.js";
import type { Command } from "../control/command.js";
import type { Send } from "../control/send.js";
import type { Runtime } from "../pregel/model/runtime.js";
import type { InferState, InferUpdate } from "../state/infer.js";

/**
 * The type of a node that stands apart from its graph, by the schema of the state, in LangGraph's order: `const plan: GraphNode<typeof State> = …`.
 * `Context` is what the graph's `context` schema gives; `Nodes` are those to which its `Command` may lead.
 */
// biome-ignore lint/suspicious/noExplicitAny: a node that says nothing of the context runs in any
export type GraphNode<Schema, Context = any, Nodes extends string = string> = (
  state: InferState<Schema>,
  runtime: Runtime<Context>,
) => NodeReturnTo<InferUpdate<Schema>, Nodes> | Promise<NodeReturnTo<InferUpdate<Schema>, Nodes>>;

// biome-ignore lint/suspicious/noConfusingVoidType: a function without a return statement is a node too
type NodeReturnTo<Update, Nodes extends string> = Update | Command<unknown, Update, Nodes> | null | undefined | void;

/** The type of a conditional edge's function that stands apart from its graph: `const route: ConditionalEdgeRouter<typeof State, Context, "a" | "b"> = …`. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export type ConditionalEdgeRouter<Schema, Context = any, Nodes extends string = string> = (
  state: InferState<Schema>,
  runtime: Runtime<Context>,
) => Destinations<Nodes> | Promise<Destinations<Nodes>>;

type Destination<Nodes extends string> = Nodes | typeof END | Send<Nodes>;
type Destinations<Nodes extends string> = Destination<Nodes> | Destination<Nodes>[];

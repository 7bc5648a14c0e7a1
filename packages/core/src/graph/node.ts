import type { Command } from "../control/command.js";
import type { NodeError } from "../pregel/model/node-error.js";
import type { RetryPolicy } from "../pregel/model/program.js";
import type { Runtime } from "../pregel/model/runtime.js";
import type { StateChannel } from "../state/annotation.js";
import type { StandardSchema } from "../state/standard-schema.js";

/**
 * What a node returns: state keys to update, a `Command`, a list of these, or nothing. `undefined` for a key takes its value away, where the key
 * has no reducer; one with a reducer is left as it is.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: a function without a return statement is a node too
export type NodeReturn<Update> = Update | Command<unknown, Update> | (Update | Command<unknown, Update>)[] | null | undefined | void;

/** A step of the graph. It gets the state and the runtime, and must not change the state that it gets. */
export type NodeFunction<State = unknown, Update = unknown, Context = unknown> = (
  state: State,
  runtime: Runtime<Context>,
) => NodeReturn<Update> | Promise<NodeReturn<Update>>;

/**
 * Takes over where a node has failed for good, after its `retryPolicy`: it gets what the node got, and what it returns is the node's result. The node's
 * edges are not taken: `new Command({ goto })` says where to go on. It cannot pause.
 */
export type NodeErrorHandler<State = unknown, Update = unknown, Context = unknown> = (
  state: State,
  error: NodeError,
  runtime: Runtime<Context>,
) => NodeReturn<Update> | Promise<NodeReturn<Update>>;

/** Anything with `invoke`, such as a LangChain runnable or a compiled graph. */
export interface Invokable<Input = never, Output = unknown> {
  invoke(input: Input, config?: never): Output | Promise<Output>;
}

/** A state of which nodes read `State`, of any form in which one is declared. */
export type StateForm<State> =
  | { readonly State: State }
  | StandardSchema<unknown, State>
  | { readonly [Key in keyof State]: StateChannel<State[Key], unknown> };

/** How a node runs, whatever state it reads. */
export interface NodeOptions {
  /** Nodes to which the node's `Command({ goto })` may lead. Needed for drawing, and to reach nodes that no edge leads to. */
  readonly ends?: readonly string[];
  /** Tries a failed attempt again. Default: no second attempt. */
  readonly retryPolicy?: RetryPolicy;
  /** Milliseconds that one attempt may take; after that it fails with NODE_TIMEOUT, and its signal is aborted. */
  readonly timeout?: number;
  /** Waits until nothing else is left to run. */
  readonly defer?: boolean;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** How a node runs that may have a state of its own. Apart from `NodeOptions`, so that options which say nothing of a state infer none. */
// biome-ignore lint/suspicious/noExplicitAny: a node of any state, where it is not inferred
export interface OwnStateOptions<NodeInput = any, Update = any, Context = any> extends NodeOptions {
  /** State of the node's own: it reads these keys instead of the graph's. */
  readonly input?: StateForm<NodeInput>;
  /** Called where the node has failed for good; its result is the node's. Default: the failure ends the run. */
  readonly errorHandler?: NodeErrorHandler<NodeInput, Update, Context>;
}

/** What nodes do that say nothing else themselves. */
// biome-ignore lint/suspicious/noExplicitAny: an update of any state, where none is given
export interface NodeDefaults<Update = any, Context = any> extends Pick<NodeOptions, "retryPolicy" | "timeout"> {
  /** One for all nodes: it gets what the node got that failed, whatever that is. */
  readonly errorHandler?: NodeErrorHandler<unknown, Update, Context>;
}

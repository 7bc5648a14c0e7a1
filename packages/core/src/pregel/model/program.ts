import type { Barrier } from "../../channels/barrier.js";
import type { Channel } from "../../channels/channel.js";
import type { StandardSchema } from "../../state/standard-schema.js";
import type { OnCodeChange } from "./decision-gate.js";
import type { Write } from "./graph-state.js";
import type { NodeError } from "./node-error.js";
import type { Runtime } from "./runtime.js";

/** When a failed attempt of a node is tried again. */
export interface RetryPolicy {
  /** Attempts in all, the first included. Default 3. */
  readonly maxAttempts?: number;
  /** Wait before the second attempt, in milliseconds. Default 500. */
  readonly initialInterval?: number;
  /** Factor from one wait to the next. Default 2. */
  readonly backoffFactor?: number;
  /** Longest wait, in milliseconds. Default 128,000. */
  readonly maxInterval?: number;
  /** Adds up to a second of chance to each wait. Default true. */
  readonly jitter?: boolean;
  /**
   * Which errors are worth another attempt. A pause is never one. Default: all but those that it would not change: what was aborted or cancelled,
   * HTTP status 400 to 407 and 409, and a quota that is used up.
   */
  readonly retryOn?: (error: unknown) => boolean;
}

/** A conditional edge: its function chooses where to go from the state as the node left it. */
export interface Branch {
  readonly name: string;
  readonly route: (state: unknown, runtime: Runtime) => unknown;
  /** From what the function returns to the node meant; absent: it returns the nodes themselves. */
  readonly ends?: Readonly<Record<string, string>>;
}

/** Where a node leads once it has finished. */
export interface Exits {
  /** What its edges write: a node each that runs next, and its share of each fan-in edge. */
  readonly writes: readonly Write[];
  readonly branches: readonly Branch[];
}

/** Gives what counts as a node's result where the node has failed for good. */
export interface FailureHandler {
  readonly name: string;
  readonly handle: (input: unknown, error: NodeError, runtime: Runtime) => unknown;
  readonly retry: RetryPolicy | undefined;
  readonly timeout: number | undefined;
}

export interface NodeSpec extends Exits {
  readonly name: string;
  /** Place in the order of `addNode`. */
  readonly index: number;
  /** The write that makes it run next. */
  readonly entry: Write;
  readonly run: (input: unknown, runtime: Runtime) => unknown;
  /** Whether it is a graph, and runs no code of its own. */
  readonly isGraph?: boolean;
  /** State keys that it reads; undefined: all of them. */
  readonly reads: readonly string[] | undefined;
  readonly retry: RetryPolicy | undefined;
  readonly handler?: FailureHandler | undefined;
  /** Milliseconds that one attempt may take. */
  readonly timeout: number | undefined;
  /** Waits until nothing else is left to run. */
  readonly defer: boolean;
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
  /** Changes with the node's code. */
  readonly fingerprint: () => string;
}

/** What is shown of a state: an object with these keys, or the value of one key alone. */
export type ShownKeys = readonly string[] | string;

/** Everything about a compiled graph that does not change from run to run. */
export interface Program {
  readonly name: string;
  readonly nodes: ReadonlyMap<string, NodeSpec>;
  /** Nodes by the channel of their entry. */
  readonly entries: ReadonlyMap<string, string>;
  readonly start: Exits;
  readonly channels: Readonly<Record<string, Channel>>;
  /** Fan-in edges, by the name of their channel. */
  readonly joins: Readonly<Record<string, { readonly barrier: Barrier; readonly target: string }>>;
  /** Keys of the graph's own state, where nodes have private ones beside them; undefined: all channels. */
  readonly stateKeys: readonly string[] | undefined;
  /** Keys taken from an input; undefined: all of the state's. */
  readonly inputKeys: readonly string[] | undefined;
  /** What results show, in the order in which it was declared. */
  readonly outputKeys: ShownKeys;
  /** What streams and snapshots show: the whole state, and after it what nodes have beside it. */
  readonly allKeys: ShownKeys;
  /** Where an input is one value instead of an object with keys: the channel that takes it. */
  readonly inputKey?: string;
  /** Where what comes from the program's code is no update of keys by itself: makes one of it. */
  readonly asUpdate?: (returned: unknown) => Readonly<Record<string, unknown>>;
  readonly ephemeralKeys: readonly string[];
  readonly unsavedKeys: readonly string[];
  /** Schemas that check the input, by key. */
  readonly inputSchemas: Readonly<Record<string, StandardSchema>>;
  /** What an `Overwrite` in an input is parsed by, by key. */
  readonly valueSchemas: Readonly<Record<string, StandardSchema>>;
  readonly contextSchema: StandardSchema | undefined;
  readonly interruptBefore: readonly string[] | "*";
  readonly interruptAfter: readonly string[] | "*";
  readonly onCodeChange?: OnCodeChange | undefined;
}

import type { GraphConfig } from "../model/graph-config.js";
import type { Runtime } from "../model/runtime.js";

/** Follows one run or node for callback handlers and tracers. */
export interface RunObserver {
  /** What goes into `callbacks` for everything inside. */
  readonly callbacks: unknown;
  end(output: unknown): Promise<void> | void;
  fail(error: unknown): Promise<void> | void;
}

export interface ObservedRun {
  readonly kind: "graph" | "node";
  readonly name: string;
  readonly input: unknown;
  readonly callbacks: unknown;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly runId: string | undefined;
}

/** A task whose messages somebody reads. */
export interface FollowedTask {
  readonly ns: string;
  readonly input: unknown;
  readonly callbacks: unknown;
  readonly emit: (message: unknown, metadata: Record<string, unknown>) => void;
}

export interface MessageFollower {
  /** What goes into `callbacks` for everything inside. */
  readonly callbacks: unknown;
  /** Takes what the node returned: messages in it may be new. */
  returned(update: unknown): void;
  /** Takes a message that code shows by itself: it is reported, known or not, and not again where the node returns it. */
  pushed?(message: unknown): void;
}

/**
 * What a model library adds to the runtime, which itself knows none: `@holdpoint/prebuilt` registers LangChain's.
 * Every member is optional and costs nothing when absent.
 */
export interface Bridge {
  /** Runs a node so that the library's own components find the node's config by themselves. */
  readonly runInContext?: <T>(runtime: Runtime, run: () => T) => T;
  /** Starts to follow a run; undefined when nobody listens. */
  readonly observe?: (run: ObservedRun) => Promise<RunObserver | undefined> | RunObserver | undefined;
  /** Starts to follow the messages of one task, for the stream mode `messages`. */
  readonly followMessages?: (task: FollowedTask) => MessageFollower;
  /** A config that the library's components left behind in the async context, when a graph is called inside of them. */
  readonly ambientConfig?: () => GraphConfig | undefined;
  /** Tells an input that is no state but part of one, such as a tool call that was sent: code inside that asks for the state gets the graph's. */
  readonly isPartOfState?: (input: unknown) => boolean;
}

let registered: Bridge = {};

/** Makes a model library's context travel through graphs. The last one registered counts. */
export function registerBridge(bridge: Bridge): void {
  registered = bridge;
}

export const currentBridge = (): Bridge => registered;

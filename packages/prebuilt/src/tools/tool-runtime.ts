import type { Runtime } from "@holdpoint/core";

/** What a tool gets as its second argument: the config of the call (pass it on to models and tools), with what the agent adds. */
export interface ToolRuntime<State = Record<string, unknown>, Context = unknown> extends Runtime<Context> {
  readonly toolCallId: string;
  /** The graph's state when the step began. */
  readonly state: Readonly<State>;
  /**
   * The same for every attempt at this one call, in any process and after any crash; different for every other call. Hand it to what the
   * tool calls (a payment, a booking), so that an effect whose saving was cut off is not made twice.
   */
  readonly idempotencyKey: string;
  /** The node's own config, as LangChain's tools expect it here. */
  readonly config: Runtime<Context>;
}

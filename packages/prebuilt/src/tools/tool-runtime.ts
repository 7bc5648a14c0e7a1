import type { Runtime } from "@holdpoint/core";
import { AgentError } from "../agent-error.js";

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

/**
 * Gives the runtime of a call from the second argument of a LangChain tool, whose types know nothing of it.
 * @throws AgentError INVALID_TOOL where the tool was not called by a ToolNode
 * @example
 * ```ts
 * import { tool } from "@langchain/core/tools";
 * import { toolRuntime } from "@holdpoint/prebuilt";
 * import { z } from "zod";
 * const charge = tool(({ cents }, config) => `Charged ${cents} under ${toolRuntime(config).idempotencyKey}.`, {
 *   name: "charge",
 *   description: "Charge the guest's card",
 *   schema: z.object({ cents: z.number() }),
 * });
 * ```
 */
export function toolRuntime<State = Record<string, unknown>, Context = unknown>(config: unknown): ToolRuntime<State, Context> {
  if (typeof config === "object" && config !== null && "idempotencyKey" in config) return config as ToolRuntime<State, Context>;
  throw new AgentError(
    "INVALID_TOOL",
    "toolRuntime() was given a config that comes from no ToolNode. Call it with the tool's second argument, in a tool that an agent runs.",
  );
}

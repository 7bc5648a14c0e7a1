import { END } from "@holdpoint/core";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import { callsOf } from "../messages/open-calls.js";

/**
 * Chooses, as a conditional edge after a model's node, between the node "tools" and the end: by whether the last message calls tools.
 * @example
 * ```ts
 * import { ToolNode, toolsCondition } from "@holdpoint/prebuilt";
 * // graph.addNode("tools", new ToolNode(tools)).addConditionalEdges("agent", toolsCondition, ["tools", END])
 * ```
 */
export function toolsCondition(state: readonly BaseMessage[] | { readonly messages: readonly BaseMessage[] }): "tools" | typeof END {
  const last = (Array.isArray(state) ? (state as readonly BaseMessage[]) : (state as { messages: readonly BaseMessage[] }).messages).at(-1);
  return last !== undefined && AIMessage.isInstance(last) && callsOf(last).length > 0 ? "tools" : END;
}

import { END } from "@holdpoint/core";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import { AgentError } from "../agent-error.js";
import { callsOf } from "../messages/open-calls.js";

/**
 * Chooses, as a conditional edge after a model's node, between the node "tools" and the end: by whether the last message calls tools.
 * @throws AgentError INVALID_STATE
 * @example
 * ```ts
 * import { ToolNode, toolsCondition } from "@holdpoint/prebuilt";
 * // graph.addNode("tools", new ToolNode(tools)).addConditionalEdges("agent", toolsCondition, ["tools", END])
 * ```
 */
export function toolsCondition(state: readonly BaseMessage[] | { readonly messages: readonly BaseMessage[] }): "tools" | typeof END {
  const messages: unknown = Array.isArray(state) ? state : (state as { messages?: unknown } | null | undefined)?.messages;
  if (!Array.isArray(messages))
    throw new AgentError("INVALID_STATE", "toolsCondition() needs messages, or a state with a key messages (MessagesAnnotation).");
  const last: unknown = messages.at(-1);
  return AIMessage.isInstance(last) && callsOf(last).length > 0 ? "tools" : END;
}

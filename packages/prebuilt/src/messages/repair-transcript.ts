import { AIMessage, type BaseMessage, ToolMessage } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";
import { AgentError } from "../agent-error.js";
import { callsOf, cancelledMessage, findAnswer } from "./open-calls.js";

/**
 * Makes a list of messages that model providers accept: each tool call is followed by its tool message (cancelled, where there is none),
 * and there is no tool message without its call.
 * @returns the same list where nothing has to be changed
 * @throws AgentError INVALID_MESSAGES
 */
export function repairTranscript(messages: readonly BaseMessage[]): readonly BaseMessage[] {
  if (!Array.isArray(messages)) throw invalidList();
  if (isValid(messages)) return messages;
  const result: BaseMessage[] = [];
  for (let at = 0; at < messages.length; at++) {
    const message = messages[at] as BaseMessage;
    if (ToolMessage.isInstance(message)) continue;
    result.push(message);
    if (!AIMessage.isInstance(message)) continue;
    for (const call of callsOf(message)) {
      const answer = findAnswer(messages, at + 1, call.id);
      result.push(answer ?? cancelledMessage(message, call));
    }
  }
  return result;
}

/**
 * Tells whether every call is answered at once, and every answer has its call. All messages are looked at each time, so that one that was changed
 * in place is seen as well; nothing is allocated for it where answers come in the order of the calls.
 */
function isValid(messages: readonly BaseMessage[]): boolean {
  let calls: readonly ToolCall[] = NONE;
  let answered = 0;
  for (const message of messages) {
    if (typeof message !== "object" || message === null) throw invalidList();
    const { type } = message;
    if (type === "tool" && ToolMessage.isInstance(message)) {
      if (answered === calls.length || calls[answered]?.id !== message.tool_call_id) return isValidInAnyOrder(messages);
      answered++;
    } else {
      if (answered < calls.length) return isValidInAnyOrder(messages);
      calls = type === "ai" && AIMessage.isInstance(message) ? callsOf(message) : NONE;
      answered = 0;
    }
  }
  return answered === calls.length || isValidInAnyOrder(messages);
}

const invalidList = (): AgentError =>
  new AgentError("INVALID_MESSAGES", "repairTranscript() takes a list of messages, and nothing else in it.");

const NONE: readonly ToolCall[] = [];

function isValidInAnyOrder(messages: readonly BaseMessage[]): boolean {
  let open: Set<string | undefined> | undefined;
  for (const message of messages) {
    if (ToolMessage.isInstance(message)) {
      if (open?.delete(message.tool_call_id) !== true) return false;
      continue;
    }
    if (open !== undefined && open.size > 0) return false;
    open = AIMessage.isInstance(message) && callsOf(message).length > 0 ? new Set(callsOf(message).map(({ id }) => id)) : undefined;
  }
  return open === undefined || open.size === 0;
}

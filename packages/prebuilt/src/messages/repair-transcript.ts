import { AIMessage, type BaseMessage, ToolMessage } from "@langchain/core/messages";
import { callsOf, cancelledMessage } from "./open-calls.js";

/**
 * Makes a list of messages that model providers accept: each tool call is followed by its tool message (cancelled, where there is none),
 * and there is no tool message without its call.
 * @returns the same list where nothing has to be changed
 */
export function repairTranscript(messages: readonly BaseMessage[]): readonly BaseMessage[] {
  if (isValid(messages)) return messages;
  const result: BaseMessage[] = [];
  for (let at = 0; at < messages.length; at++) {
    const message = messages[at] as BaseMessage;
    if (ToolMessage.isInstance(message)) continue;
    result.push(message);
    if (!AIMessage.isInstance(message)) continue;
    for (const call of callsOf(message)) {
      const answer = findAnswer(messages, at, call.id);
      result.push(answer ?? cancelledMessage(message, call));
    }
  }
  return result;
}

/** The answer stands anywhere before the next AI message that calls under the same id. */
function findAnswer(messages: readonly BaseMessage[], after: number, id: string | undefined): ToolMessage | undefined {
  for (let at = after + 1; at < messages.length; at++) {
    const message = messages[at] as BaseMessage;
    if (ToolMessage.isInstance(message) && message.tool_call_id === id) return message;
    if (AIMessage.isInstance(message) && callsOf(message).some((call) => call.id === id)) return undefined;
  }
  return undefined;
}

function isValid(messages: readonly BaseMessage[]): boolean {
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

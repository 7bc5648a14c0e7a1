import { AIMessage, type BaseMessage, ToolMessage } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";
import { answerId, CALL_OUTCOMES } from "./call-outcome.js";

/** Tool calls of an AI message that no tool message has answered yet, and the place where the next answer belongs. */
export interface OpenCalls {
  readonly message: AIMessage;
  readonly calls: readonly ToolCall[];
  /** Index after the last answer. */
  readonly end: number;
}

/** Finds the calls that are still open before `end`: those of the last AI message that only tool messages follow. */
export function openCallsBefore(messages: readonly BaseMessage[], end: number = messages.length): OpenCalls | undefined {
  let at = end - 1;
  const answered = new Set<string>();
  for (; at >= 0; at--) {
    const message = messages[at] as BaseMessage;
    if (!ToolMessage.isInstance(message)) break;
    answered.add(message.tool_call_id);
  }
  const message = messages[at];
  if (message === undefined || !AIMessage.isInstance(message)) return undefined;
  const calls = callsOf(message).filter(({ id }) => id === undefined || !answered.has(id));
  return calls.length === 0 ? undefined : { message, calls, end };
}

/** The tool calls of an AI message. */
export const callsOf = (message: AIMessage): readonly ToolCall[] => message.tool_calls ?? [];

/** The tool message that tells the model that a call was cancelled. A result that comes late takes its place, for both have one id. */
export function cancelledMessage(message: AIMessage, call: ToolCall): ToolMessage {
  return new ToolMessage({
    id: answerId(message.id, call.id),
    tool_call_id: call.id ?? "",
    name: call.name,
    ...CALL_OUTCOMES.cancelled(call.name),
  });
}

/** Finds the answer to a call that stands too far behind: anywhere before the next AI message that calls under the same id. */
export function findAnswer(messages: readonly BaseMessage[], from: number, id: string | undefined): ToolMessage | undefined {
  for (let at = from; at < messages.length; at++) {
    const message = messages[at] as BaseMessage;
    if (ToolMessage.isInstance(message) && message.tool_call_id === id) return message;
    if (AIMessage.isInstance(message) && callsOf(message).some((call) => call.id === id)) return undefined;
  }
  return undefined;
}

/**
 * Answers every tool call that the next message leaves behind, so that model providers accept the transcript: with its result, where that
 * comes later, or with "cancelled". Calls that nothing follows yet go on waiting.
 * @param from index of the first message that is new
 * @returns the same list where there is nothing to answer
 */
export function closeOpenCalls(messages: readonly BaseMessage[], from: number): readonly BaseMessage[] {
  let result: BaseMessage[] | undefined;
  let open = from === 0 ? undefined : openCallsBefore(messages, from);
  const moved = new Set<BaseMessage>();
  for (let at = from; at < messages.length; at++) {
    const message = messages[at] as BaseMessage;
    if (ToolMessage.isInstance(message)) {
      if (!moved.has(message)) result?.push(message);
      open = open && stillOpen(open, message.tool_call_id);
      continue;
    }
    if (open !== undefined) {
      result ??= messages.slice(0, at);
      for (const call of open.calls) {
        const late = findAnswer(messages, at, call.id);
        if (late !== undefined) moved.add(late);
        result.push(late ?? cancelledMessage(open.message, call));
      }
    }
    result?.push(message);
    open = AIMessage.isInstance(message) && callsOf(message).length > 0 ? { message, calls: callsOf(message), end: at + 1 } : undefined;
  }
  return result ?? messages;
}

function stillOpen(open: OpenCalls, answered: string): OpenCalls | undefined {
  const calls = open.calls.filter(({ id }) => id !== answered);
  return calls.length === 0 ? undefined : { ...open, calls };
}

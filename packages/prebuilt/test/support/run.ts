import { GraphError } from "@holdpoint/core";
import { AIMessage, type BaseMessage, ToolMessage } from "@langchain/core/messages";
import { AgentError } from "../../src/index.js";

let threads = 0;

/** Names a thread that no other test uses. */
export const newThread = () => ({ configurable: { thread_id: `thread-${++threads}` } });

/** Reads an async iterable to its end. */
export async function collect<T>(source: AsyncIterable<T> | Promise<AsyncIterable<T>>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of await source) items.push(item);
  return items;
}

/** The error that a promise rejects with. */
export async function errorOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("The promise resolved, but was expected to reject.");
}

export async function graphErrorOf(promise: Promise<unknown>): Promise<GraphError> {
  const error = await errorOf(promise);
  if (!GraphError.is(error)) throw error;
  return error;
}

export async function agentErrorOf(promise: Promise<unknown>): Promise<AgentError> {
  const error = await errorOf(promise);
  if (!AgentError.is(error)) throw error;
  return error;
}

export const toolMessages = (messages: readonly BaseMessage[]): ToolMessage[] =>
  messages.filter((message) => ToolMessage.isInstance(message));

/** What tool messages say, by the id of their call. */
export const answersById = (messages: readonly BaseMessage[]): Record<string, unknown> =>
  Object.fromEntries(toolMessages(messages).map(({ tool_call_id, content }) => [tool_call_id, content]));

/** Says what a model provider would refuse in a transcript: a call without its message, a message without its call. */
export function transcriptFault(messages: readonly BaseMessage[]): string | undefined {
  let open = new Set<string | undefined>();
  for (const [at, message] of messages.entries()) {
    if (ToolMessage.isInstance(message)) {
      if (!open.delete(message.tool_call_id)) return `message ${at} answers ${message.tool_call_id}, which nobody called`;
      continue;
    }
    if (open.size > 0) return `message ${at} (${message.getType()}) comes before the answers to ${[...open].join(", ")}`;
    open = new Set(AIMessage.isInstance(message) ? message.tool_calls?.map(({ id }) => id) : []);
  }
  return undefined;
}

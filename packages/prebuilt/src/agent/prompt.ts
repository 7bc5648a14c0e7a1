import type { Runtime } from "@holdpoint/core";
import { type BaseMessage, type BaseMessageLike, isBaseMessage, SystemMessage } from "@langchain/core/messages";
import { Runnable } from "@langchain/core/runnables";
import { AgentError } from "../agent-error.js";
import { toMessage } from "../messages/to-message.js";

type PromptResult = string | BaseMessageLike | readonly BaseMessageLike[] | { toChatMessages(): BaseMessage[] };

/** What stands before the conversation: a text, a system message, or a function or runnable that makes the model's whole input of the state. */
export type Prompt<State = Record<string, unknown>> =
  | string
  | SystemMessage
  // biome-ignore lint/suspicious/noExplicitAny: LangChain's own bound for any runnable
  | Runnable<any, any>
  | ((state: State, runtime: Runtime) => PromptResult | Promise<PromptResult>);

export type MakeInput = (
  state: Record<string, unknown> & { readonly messages: readonly BaseMessage[] },
  runtime: Runtime,
) => readonly BaseMessage[] | Promise<readonly BaseMessage[]>;

/**
 * Reads a prompt into a function from the state to the model's input.
 * @throws AgentError INVALID_OPTIONS
 */
export function readPrompt(prompt: Prompt<never> | undefined): MakeInput {
  if (prompt === undefined || prompt === null) return ({ messages }) => messages;
  if (typeof prompt === "string") return withSystem(new SystemMessage(prompt));
  if (isBaseMessage(prompt)) return withSystem(prompt);
  if (Runnable.isRunnable(prompt)) return async (state, runtime) => readResult(await prompt.invoke(state, runtime as never));
  if (typeof prompt === "function")
    return async (state, runtime) => readResult(await (prompt as (state: unknown, runtime: Runtime) => unknown)(state, runtime));
  throw new AgentError(
    "INVALID_OPTIONS",
    `The prompt is ${typeof prompt}. Pass a text, a SystemMessage, a function of the state, or a runnable.`,
  );
}

const withSystem =
  (system: BaseMessage): MakeInput =>
  ({ messages }) => [system, ...messages];

function readResult(result: unknown): readonly BaseMessage[] {
  if (typeof result === "object" && result !== null && "toChatMessages" in result)
    return (result as { toChatMessages(): BaseMessage[] }).toChatMessages();
  return (Array.isArray(result) ? result : [result]).map((message: BaseMessageLike) => toMessage(message));
}

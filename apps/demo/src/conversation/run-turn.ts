import { Command, GraphError } from "@holdpoint/core";
import type { HumanResponse } from "@holdpoint/prebuilt";
import { type AIMessageChunk, type BaseMessage, HumanMessage, type ToolMessage } from "@langchain/core/messages";
import type { DeskAgent } from "../agent.js";
import { explainModelError } from "../model-errors.js";
import { type CallOutcome, readOutcome } from "../tools/tool-result.js";

/** What moves a conversation on. */
export type TurnInput =
  | { readonly kind: "say"; readonly text: string }
  | { readonly kind: "decide"; readonly id: string; readonly response: HumanResponse }
  /** Go on with what was begun. */
  | { readonly kind: "continue" };

/** What is seen while a turn runs. */
export type TurnEvent =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "call"; readonly tool: string; readonly args: Readonly<Record<string, unknown>> }
  | { readonly kind: "result"; readonly tool: string; readonly outcome: CallOutcome };

/** How a turn ended. `failed` loses nothing: what finished is saved, and the rest can be tried again. */
export type TurnOutcome =
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly line: string }
  /** The answer does not fit the tool: the call still waits. */
  | { readonly kind: "not-accepted"; readonly line: string };

/** Runs the agent until it has answered or waits for a person, and shows what happens. */
export async function runTurn(
  agent: DeskAgent,
  threadId: string,
  input: TurnInput,
  show: (event: TurnEvent) => void,
): Promise<TurnOutcome> {
  try {
    const options = { configurable: { thread_id: threadId }, streamMode: ["messages", "updates"] as const };
    for await (const [mode, chunk] of await agent.stream(asInput(input), options)) {
      for (const event of mode === "messages" ? textOf(chunk) : eventsOf(chunk)) show(event);
    }
    return { kind: "done" };
  } catch (error) {
    if (GraphError.is(error, "INVALID_ANSWER")) return { kind: "not-accepted", line: issuesOf(error) };
    const line = explain(error);
    if (line === undefined) throw error;
    return { kind: "failed", line };
  }
}

function asInput(input: TurnInput) {
  switch (input.kind) {
    case "say":
      return { messages: [new HumanMessage(input.text)] };
    case "decide":
      return new Command({ resume: { [input.id]: [input.response] } });
    case "continue":
      return null;
  }
}

/** Pieces of what the model says. */
function textOf([message]: [message: unknown, metadata: Record<string, unknown>]): TurnEvent[] {
  const { type, text } = message as AIMessageChunk;
  return type === "ai" && text !== "" ? [{ kind: "text", text }] : [];
}

/** Calls that the model made, and results of tools, out of an update such as `{ tools: { messages } }`. */
function eventsOf(update: object): TurnEvent[] {
  return Object.values(update).flatMap((written) => {
    const { messages = [] } = (typeof written === "object" && written !== null ? written : {}) as {
      messages?: BaseMessage | BaseMessage[];
    };
    return [messages].flat().flatMap(eventOf);
  });
}

function eventOf(message: BaseMessage): TurnEvent[] {
  if (message.type === "tool") return [{ kind: "result", tool: message.name ?? "tool", outcome: readOutcome(message as ToolMessage) }];
  const { tool_calls = [] } = message as AIMessageChunk;
  return message.type === "ai" ? tool_calls.map(({ name, args }) => ({ kind: "call", tool: name, args })) : [];
}

interface Issue {
  readonly message: string;
  readonly path?: readonly unknown[];
}

/** Says which arguments do not fit, by their names: "check_out must be after check_in". */
function issuesOf({ details, message }: GraphError): string {
  const issues = Object.values(details.issues ?? {}).flat() as Issue[];
  const told = issues.map(({ message: what, path = [] }) => `${path.at(-1) ?? "it"} ${what}`);
  return `That does not fit, and nothing was done: ${told.length === 0 ? message : told.join("; ")}.`;
}

/** What a person can do something about; undefined for a fault of the program. */
function explain(error: unknown): string | undefined {
  if (GraphError.is(error, "ALREADY_DECIDED") || GraphError.is(error, "UNKNOWN_INTERRUPT") || GraphError.is(error, "NOTHING_TO_RESUME")) {
    return "Somebody else has decided this call in the meantime; your answer changed nothing.";
  }
  if (GraphError.is(error, "THREAD_BUSY")) return "Another process is at work on this conversation. Press Enter to look again.";
  return explainModelError(error)?.line;
}

import { isDeepStrictEqual } from "node:util";
import { Command, currentRuntime, currentState, type Runtime, task } from "@holdpoint/core";
import { AIMessage, type BaseMessage, isBaseMessage, ToolMessage } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";
import { AgentError } from "../agent-error.js";
import { callsOf } from "../messages/open-calls.js";
import { readOptions } from "../read-options.js";
import type { AgentTool, ClientTool, ServerTool } from "./agent-tool.js";
import { callsTaken } from "./calls-taken.js";
import { isToolCall } from "./is-tool-call.js";
import { readTools } from "./read-tools.js";
import { type HandleToolErrors, type PlacedCall, runToolCall, type ToolRunner } from "./run-tool-call.js";
import { restoreResult, type SavedResult, saveResult } from "./saved-result.js";
import type { ToolResult } from "./tool-result.js";

export interface ToolNodeOptions {
  readonly name?: string;
  /** True (default): an error becomes a tool message, for the model to see. False: it fails the run. A function words the message. */
  readonly handleToolErrors?: HandleToolErrors;
}

/** What a ToolNode takes: a state with messages, the messages, or one call, as a `Send` brings it. */
export type ToolNodeInput = { readonly messages: readonly BaseMessage[] } | readonly BaseMessage[] | ToolCall;

export type ToolNodeOutput = { messages: ToolMessage[] } | ToolMessage[] | (Command | { messages: ToolMessage[] })[];

/**
 * Runs the tool calls of the last AI message, as a node of a graph; each call ends with a tool message.
 *
 * Each call is a durable task of its own: a call that finished is not run again when another one of the message pauses, fails or crashes.
 * A call that another task of the same step takes care of is left to it: `Command({ goto: "tools" })` while a call waits asks no second question.
 * Errors become tool messages (`handleToolErrors`); a pause never does.
 * @throws AgentError INVALID_TOOL, DUPLICATE_TOOL, INVALID_OPTIONS; from a run INVALID_STATE, and whatever a tool throws where `handleToolErrors` is false
 */
export class ToolNode {
  readonly name: string;
  readonly tools: readonly (ClientTool | ServerTool)[];
  readonly handleToolErrors: HandleToolErrors;
  readonly #client: ReadonlyMap<string, ClientTool>;
  readonly #runner: ToolRunner;

  constructor(tools: readonly AgentTool[], given?: ToolNodeOptions) {
    const options = readOptions("new ToolNode()", given, ["name", "handleToolErrors"], {
      tags: "say them where it is run: invoke(input, { tags })",
    });
    checkErrorHandling(options.handleToolErrors);
    const { all, client } = readTools(tools);
    this.name = options.name ?? "tools";
    this.tools = all;
    this.#client = client;
    this.handleToolErrors = options.handleToolErrors ?? true;
    this.#runner = { tools: client, handleToolErrors: this.handleToolErrors };
  }

  /** The tools that run here, by name. */
  get clientTools(): ReadonlyMap<string, ClientTool> {
    return this.#client;
  }

  async invoke(input: ToolNodeInput, config?: unknown): Promise<ToolNodeOutput> {
    const runtime = (config as Runtime | undefined) ?? currentRuntime();
    const isTaken = callsTaken(input);
    if (isToolCall(input)) {
      return isTaken?.(input) === true ? { messages: [] } : pack([await this.#run(placeOf(input), undefined, runtime)], false);
    }
    const messages = messagesOf(input);
    const open = openCalls(messages);
    const calls = isTaken === undefined ? open : open.filter(({ call }) => !isTaken(call));
    const run = currentRuntime() === undefined ? (call: KeyedCall) => this.#run(call, input, runtime) : this.#durable(input);
    const results = await Promise.all(calls.map(run));
    return pack(results, Array.isArray(input));
  }

  #run(placed: PlacedCall, state: unknown, runtime: Runtime | undefined): Promise<ToolResult> {
    return runToolCall(this.#runner, placed, state, runtime);
  }

  /** A call as a task: told from the others by its id, so that neither order nor number matters. */
  #durable(state: unknown): (call: KeyedCall) => Promise<ToolResult> {
    const once = task(
      { name: this.name, key: ({ key }: KeyedCall) => key, hidden: true },
      async (call: KeyedCall): Promise<SavedResult> => {
        return saveResult(await this.#run(call, state, currentRuntime()));
      },
    );
    return async (call) => restoreResult(await once(call));
  }
}

function checkErrorHandling(handle: unknown): void {
  if (handle === undefined || typeof handle === "boolean" || typeof handle === "function") return;
  throw new AgentError("INVALID_OPTIONS", "handleToolErrors must be true, false, or a function that words the message.");
}

interface KeyedCall extends PlacedCall {
  readonly key: string;
}

function messagesOf(input: unknown): readonly BaseMessage[] {
  const messages = Array.isArray(input) ? input : (input as { messages?: unknown } | null)?.messages;
  if (Array.isArray(messages) && messages.every((message) => isBaseMessage(message))) return messages;
  throw new AgentError(
    "INVALID_STATE",
    "A ToolNode got neither messages, nor a state with a key messages, nor a tool call. Give the state a key `messages` (MessagesAnnotation).",
  );
}

/** The calls of the last AI message that have no tool message yet. */
function openCalls(messages: readonly BaseMessage[]): KeyedCall[] {
  const at = messages.findLastIndex((message) => AIMessage.isInstance(message));
  const message = messages[at];
  if (message === undefined || !AIMessage.isInstance(message)) {
    throw new AgentError(
      "INVALID_STATE",
      "A ToolNode got messages without an AI message, so that there is no tool call to run. Lead to it from the node that calls the model.",
    );
  }
  const answered = new Set(messages.slice(at + 1).flatMap((later) => (ToolMessage.isInstance(later) ? [later.tool_call_id] : [])));
  const seen = new Map<string, number>();
  return callsOf(message)
    .filter(({ id }) => id === undefined || !answered.has(id))
    .map((call) => {
      const id = call.id ?? "";
      const repeats = seen.get(id) ?? 0;
      seen.set(id, repeats + 1);
      const placed = placeIn(message, call, repeats);
      return { ...placed, key: JSON.stringify([placed.messageId, id, repeats]) };
    });
}

/** Finds the AI message that a call came from, in the state of the graph that sent it. */
function placeOf(call: ToolCall): PlacedCall {
  const messages = currentState()?.messages;
  const from: AIMessage | undefined = Array.isArray(messages)
    ? messages.findLast((message) => AIMessage.isInstance(message) && callsOf(message).some(({ id }) => id === call.id))
    : undefined;
  return placeIn(from, call, repeatsOf(from, call));
}

/** A call that was sent is told from another of its message that has the same id by what it asks for. */
function repeatsOf(message: AIMessage | undefined, { id, name, args }: ToolCall): number {
  const alike = message === undefined ? [] : callsOf(message).filter((call) => call.id === id);
  return alike.length < 2
    ? 0
    : Math.max(
        0,
        alike.findIndex((call) => call.name === name && isDeepStrictEqual(call.args, args)),
      );
}

function placeIn(message: AIMessage | undefined, call: ToolCall, repeats: number): PlacedCall {
  const malformed = message?.invalid_tool_calls?.find(({ id }) => id !== undefined && id === call.id);
  return { call, messageId: message?.id ?? "", repeats, malformed: malformed && (malformed.error ?? "no reason given") };
}

function pack(results: readonly ToolResult[], asList: boolean): ToolNodeOutput {
  const messages = results.filter((result) => !(result instanceof Command)) as ToolMessage[];
  if (messages.length === results.length) return asList ? messages : { messages };
  return results.map((result) => (result instanceof Command ? result : { messages: [result] }));
}

import { randomUUID } from "node:crypto";
import type { Runtime } from "@holdpoint/core";
import { AIMessage, type BaseMessage, isBaseMessage } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";
import { AgentError } from "../agent-error.js";
import { callsOf } from "../messages/open-calls.js";
import { repairTranscript } from "../messages/repair-transcript.js";
import { toMessage } from "../messages/to-message.js";
import { withFields } from "../messages/with-fields.js";
import type { MakeInput } from "./prompt.js";
import type { ModelSource } from "./read-model.js";

export interface ModelNodeParts {
  readonly source: ModelSource;
  readonly makeInput: MakeInput;
  /** Name on the agent's messages. */
  readonly name: string | undefined;
  /** Super-steps that another round of tools and model takes. */
  readonly roundSteps: number;
}

interface ModelNodeState {
  readonly messages: readonly BaseMessage[];
  readonly llmInputMessages?: readonly BaseMessage[];
}

const NO_STEPS_LEFT = "Sorry, need more steps to process this request.";

/** The node that asks the model what to do next. */
export function modelNode({ source, makeInput, name, roundSteps }: ModelNodeParts) {
  return async (given: unknown, runtime: Runtime): Promise<{ messages: BaseMessage[] }> => {
    const { llmInputMessages, ...state } = given as ModelNodeState & Record<string, unknown>;
    const chosen = llmInputMessages === undefined || llmInputMessages.length === 0 ? state.messages : llmInputMessages.map(toMessage);
    // Only what takes its time is waited for: each wait costs a promise.
    const loading = source.withTools(state, runtime);
    const model = loading instanceof Promise ? await loading : loading;
    const messages = repairTranscript(chosen);
    const making = makeInput(messages === state.messages ? state : { ...state, messages }, runtime);
    const made = making instanceof Promise ? await making : making;
    const input = made === messages ? messages : repairTranscript(made);
    const answer = readAnswer(await model.invoke(input, runtime as never), name);
    if (callsOf(answer).length > 0 && stepsLeft(runtime) < roundSteps)
      return { messages: [new AIMessage({ id: answer.id, name, content: NO_STEPS_LEFT })] };
    return { messages: [answer] };
  };
}

const stepsLeft = (runtime: Runtime): number => (runtime as { remainingSteps?: number }).remainingSteps ?? Number.POSITIVE_INFINITY;

/** The answer with what the agent needs: an id, an id for each call, the agent's name. */
function readAnswer(answer: unknown, name: string | undefined): AIMessage {
  const message = isBaseMessage(answer) ? toMessage(answer) : undefined;
  if (message === undefined || !AIMessage.isInstance(message)) {
    throw new AgentError(
      "INVALID_MODEL",
      "The model answered with something that is no AI message. Pass a chat model (or a chain that ends with one, without an output parser).",
    );
  }
  const fields: Record<string, unknown> = {};
  if (message.id === undefined) fields.id = randomUUID();
  if (name !== undefined && message.name !== name) fields.name = name;
  const calls = allCalls(message);
  if (calls !== undefined) fields.tool_calls = calls;
  return Object.keys(fields).length === 0 ? message : withFields(message, fields);
}

/**
 * Every call that the model made, each with an id of its own: those too whose arguments are no JSON, for providers want an answer to them as well.
 * @returns undefined where the message says it so already
 */
function allCalls(message: AIMessage): readonly ToolCall[] | undefined {
  const calls = callsOf(message);
  const { invalid_tool_calls: invalid } = message;
  const isWhole = haveOwnIds(calls);
  if ((invalid === undefined || invalid.length === 0) && isWhole) return undefined;
  const known = new Set(calls.map(({ id }) => id));
  const malformed = (invalid ?? []).filter(({ id }) => id !== undefined && !known.has(id));
  if (malformed.length === 0 && isWhole) return undefined;
  return [
    ...withOwnIds(calls),
    ...malformed.map(({ id, name }): ToolCall => ({ id, name: name ?? "unknown", args: {}, type: "tool_call" })),
  ];
}

const haveOwnIds = (calls: readonly ToolCall[]): boolean =>
  calls.length < 2 ? calls.every(({ id }) => id) : calls.every(({ id }, at) => id && calls.findIndex((one) => one.id === id) === at);

/** Of two calls under one id, one would take the other's result, and its idempotency key. */
function withOwnIds(calls: readonly ToolCall[]): ToolCall[] {
  const taken = new Set<string>();
  return calls.map((call) => {
    const id = call.id && !taken.has(call.id) ? call.id : `call_${randomUUID()}`;
    taken.add(id);
    return id === call.id ? call : { ...call, id };
  });
}

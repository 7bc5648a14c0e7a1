import { currentStep, type StepTask } from "@holdpoint/core";
import { AIMessage, type BaseMessage, isBaseMessage } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";
import { callsOf } from "../messages/open-calls.js";
import { isToolCall } from "./is-tool-call.js";

/**
 * Tells which tool calls another task of the step takes care of, so that a `goto` to the tools while a call waits, fails or runs does not make a
 * second question, and a second run, of it. A call belongs to the task that came to be due first; what edges and `Send`s of the graph itself
 * brought always runs. Undefined where nothing is taken, as in nearly every step.
 */
export function callsTaken(input: unknown): ((call: ToolCall) => boolean) | undefined {
  const step = currentStep();
  // Another input than the node's own: code that calls the ToolNode by itself.
  if (step === undefined || step.own.input !== input || (step.own.sent && !step.own.added)) return undefined;
  const tasks = step.tasks();
  if (tasks.length === 1) return undefined;
  const taken = new Set<string>();
  for (const task of tasks) {
    if (task === step.own) break;
    if (task.name === step.own.name) for (const call of callsFor(task)) taken.add(keyOf(call));
  }
  return taken.size === 0 ? undefined : (call) => taken.has(keyOf(call));
}

function callsFor({ input }: StepTask): readonly ToolCall[] {
  if (isToolCall(input)) return [input];
  const messages: unknown = Array.isArray(input) ? input : (input as { messages?: unknown } | null)?.messages;
  if (!Array.isArray(messages)) return [];
  const last = (messages as BaseMessage[]).findLast((message) => isBaseMessage(message) && AIMessage.isInstance(message));
  return last === undefined ? [] : callsOf(last as AIMessage);
}

/** A call without an id is told by what it asks for. */
const keyOf = ({ id, name, args }: ToolCall): string => (id === undefined ? JSON.stringify([name, args]) : id);

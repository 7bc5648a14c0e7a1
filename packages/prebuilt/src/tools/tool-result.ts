import { Command, isOverwrite, Overwrite, toCommand } from "@holdpoint/core";
import { type BaseMessageLike, isBaseMessage, ToolMessage } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";
import type { CallOutcome } from "../messages/call-outcome.js";
import { toMessage } from "../messages/to-message.js";
import { withFields } from "../messages/with-fields.js";

/** The tool message, or the command, that a call's result becomes. */
export type ToolResult = ToolMessage | Command;

/** Reads what a tool returned. Each call ends with a tool message of its own, inside a command's update too. */
export function readResult(call: ToolCall, id: string, output: unknown): ToolResult {
  const identified = (message: ToolMessage) => (message.id === undefined ? withFields(message, { id }) : message);
  const command = toCommand(output);
  if (command !== undefined) return command.graph === Command.PARENT ? command : withAnswer(command, call, identified);
  if (isBaseMessage(output) && ToolMessage.isInstance(output)) return identified(output);
  return toolMessage(call, id, { status: "success", content: textOf(output) });
}

export const toolMessage = (call: ToolCall, id: string | undefined, outcome: CallOutcome): ToolMessage =>
  new ToolMessage({ ...(id === undefined ? {} : { id }), ...outcome, name: call.name, tool_call_id: call.id ?? "" });

/** Changes the tool message of a call in a command; gives it one where it brings none, unless it is for the graph around. */
export function withAnswer(command: Command, call: ToolCall, change: (message: ToolMessage) => ToolMessage): Command {
  const answers = (item: unknown): boolean => (item as { tool_call_id?: unknown } | null)?.tool_call_id === call.id;
  let found = false;
  const changeItem = (item: unknown): unknown => {
    if (!answers(item)) return item;
    found = true;
    const message = toMessage(item as BaseMessageLike);
    return ToolMessage.isInstance(message) ? change(message) : item;
  };
  const changeList = (value: unknown): unknown => (Array.isArray(value) ? value.map(changeItem) : changeItem(value));
  const entries: [string, unknown][] = Array.isArray(command.update) ? command.update : Object.entries(command.update ?? {});
  const update = entries.map(([key, value]): [string, unknown] => {
    if (key !== "messages") return [key, value];
    return [key, isOverwrite(value) ? new Overwrite(changeList(value.value)) : changeList(value)];
  });
  if (!found && command.graph === Command.PARENT) return command;
  if (!found) update.push(["messages", [change(toolMessage(call, undefined, { status: "success", content: "Done." }))]]);
  const { goto, graph } = command;
  // An object has no room for a second value of a key.
  const asList = Array.isArray(command.update) || new Set(update.map(([key]) => key)).size < update.length;
  return new Command<unknown, Record<string, unknown>>({ update: asList ? update : Object.fromEntries(update), goto, graph });
}

function textOf(output: unknown): string {
  if (typeof output === "string") return output;
  try {
    return JSON.stringify(output) ?? "";
  } catch {
    return String(output);
  }
}

import { Command, Overwrite } from "@holdpoint/core";
import { isBaseMessage, ToolMessage } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";
import { withFields } from "../messages/with-fields.js";

/** The tool message, or the command, that a call's result becomes. */
export type ToolResult = ToolMessage | Command;

/** Reads what a tool returned. Each call ends with a tool message of its own, inside a command's update too. */
export function readResult(call: ToolCall, messageId: string, output: unknown): ToolResult {
  if (output instanceof Command) return output.graph === Command.PARENT ? output : answered(output, call, messageId);
  if (isBaseMessage(output) && ToolMessage.isInstance(output))
    return output.id === undefined ? withFields(output, { id: messageId }) : output;
  return toolMessage(call, messageId, textOf(output), "success");
}

export function toolMessage(call: ToolCall, id: string, content: string, status: "success" | "error"): ToolMessage {
  return new ToolMessage({ id, content, status, name: call.name, tool_call_id: call.id ?? "" });
}

function textOf(output: unknown): string {
  if (typeof output === "string") return output;
  try {
    return JSON.stringify(output) ?? "";
  } catch {
    return String(output);
  }
}

/** Adds a tool message to a command that brings none for its call. */
function answered(command: Command, call: ToolCall, messageId: string): Command {
  const entries: [string, unknown][] = Array.isArray(command.update) ? command.update : Object.entries(command.update ?? {});
  const hasAnswer = entries.some(
    ([key, value]) =>
      key === "messages" && listOf(value).some((item) => (item as { tool_call_id?: unknown } | null)?.tool_call_id === call.id),
  );
  if (hasAnswer) return command;
  const { goto, graph } = command;
  const update: [string, unknown][] = [...entries, ["messages", [toolMessage(call, messageId, "Done.", "success")]]];
  return new Command<unknown, Record<string, unknown>>({ update, goto, graph });
}

function listOf(value: unknown): readonly unknown[] {
  const inner = value instanceof Overwrite ? value.value : value;
  return Array.isArray(inner) ? inner : [inner];
}

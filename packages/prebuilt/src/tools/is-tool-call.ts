import type { ToolCall } from "@langchain/core/messages/tool";

/** Tells a tool call, as a `Send` brings it to a ToolNode, from a state or messages. */
export const isToolCall = (input: unknown): input is ToolCall =>
  typeof input === "object" && input !== null && "name" in input && "args" in input && (input as { type?: unknown }).type === "tool_call";

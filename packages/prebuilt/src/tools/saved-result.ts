import { Command, Send, toSend } from "@holdpoint/core";
import type { ToolMessage } from "@langchain/core/messages";
import type { ToolResult } from "./tool-result.js";

/** A tool's result as a durable task saves it: a command is no value that can be saved as it is. */
export type SavedResult =
  | { readonly kind: "message"; readonly message: ToolMessage }
  | {
      readonly kind: "command";
      readonly update: unknown;
      readonly goto: readonly (string | { readonly node: string; readonly args: unknown })[];
      readonly graph: string | undefined;
    };

export function saveResult(result: ToolResult): SavedResult {
  if (!(result instanceof Command)) return { kind: "message", message: result };
  const goto = result.goto.map((target) => {
    const send = toSend(target);
    return send === undefined ? (target as string) : { node: send.node, args: send.args };
  });
  return { kind: "command", update: result.update, goto, graph: result.graph };
}

export function restoreResult(saved: SavedResult): ToolResult {
  if (saved.kind === "message") return saved.message;
  const goto = saved.goto.map((target) => (typeof target === "string" ? target : new Send(target.node, target.args)));
  return new Command({ update: saved.update as Record<string, unknown>, goto, graph: saved.graph });
}

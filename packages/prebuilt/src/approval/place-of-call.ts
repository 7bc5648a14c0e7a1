import { currentRuntime } from "@holdpoint/core";
import type { ToolCall } from "@langchain/core/messages/tool";

/** How many calls of an attempt had the same words. */
const counts = new WeakMap<object, Map<string, number>>();

/**
 * Tells one call of a gate from the others of the task around it, alike in each attempt: what was decided for one must not count for another that
 * has no id, or the same. To be asked before anything is awaited.
 */
export function placeOfCall(name: string, call: ToolCall | undefined, args: unknown): string {
  const words = JSON.stringify([name, call?.id ?? null, textOf(args)]);
  const attempt = currentRuntime();
  if (attempt === undefined) return words;
  const seen = counts.get(attempt) ?? new Map<string, number>();
  counts.set(attempt, seen);
  const count = seen.get(words) ?? 0;
  seen.set(words, count + 1);
  return `${words} ${count}`;
}

/** Arguments as a text that tells them from others. */
export function textOf(args: unknown): string {
  try {
    return JSON.stringify(args) ?? "";
  } catch {
    // A bigint, a cycle: then only the order tells.
    return "";
  }
}

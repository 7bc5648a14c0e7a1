import type { ToolMessage } from "@langchain/core/messages";
import type { Booking } from "../bookings.js";
import type { Hotel } from "../hotel-data.js";

/** What a tool of the desk tells the model, as one line of JSON. */
export type ToolResult =
  | { readonly kind: "hotels"; readonly hotels: readonly Hotel[] }
  | { readonly kind: "booked"; readonly booking: Booking }
  | { readonly kind: "cancelled"; readonly booking: Booking }
  | { readonly kind: "refused"; readonly reason: string };

/** What became of a call. */
export type CallOutcome =
  | { readonly kind: "ran"; readonly result: ToolResult }
  /** A person answered in place of the tool. */
  | { readonly kind: "answered"; readonly words: string }
  /** Refused by a person, cancelled, or with arguments that the tool does not take. */
  | { readonly kind: "not-run"; readonly text: string };

export const writeResult = (result: ToolResult): string => JSON.stringify(result);

/** Reads a tool message: what the tool told, or what was decided instead. */
export function readOutcome(message: ToolMessage): CallOutcome {
  const { review } = (message.metadata ?? {}) as { review?: { readonly kind?: unknown; readonly text?: unknown } };
  if (review?.kind === "response") return { kind: "answered", words: String(review.text) };
  const result = readResult(message.text);
  return result === undefined ? { kind: "not-run", text: message.text } : { kind: "ran", result };
}

const KINDS = new Set(["hotels", "booked", "cancelled", "refused"]);

/** The first line is the result; after an edit, a note for the model follows. */
function readResult(text: string): ToolResult | undefined {
  try {
    const value: unknown = JSON.parse(text.split("\n", 1)[0] ?? "");
    if (typeof value === "object" && value !== null && "kind" in value && KINDS.has(String(value.kind))) return value as ToolResult;
  } catch {
    // Not one of our results.
  }
  return undefined;
}

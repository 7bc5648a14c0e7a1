import type { CallOutcome } from "../tools/tool-result.js";

export interface PlannedCall {
  readonly name: "search_hotels" | "book_hotel" | "cancel_booking";
  readonly args: Readonly<Record<string, string>>;
}

/** A message of the conversation, as far as the offline model reads it. */
export type Turn =
  | { readonly kind: "person"; readonly text: string }
  | { readonly kind: "desk"; readonly calls: boolean }
  | { readonly kind: "result"; readonly outcome: CallOutcome };

/** What the model does next: say something, or call tools. */
export type Plan =
  | { readonly kind: "say"; readonly text: string }
  | { readonly kind: "call"; readonly text: string; readonly calls: readonly PlannedCall[] };

import { isDeepStrictEqual } from "node:util";
import { toCommand } from "@holdpoint/core";
import { isBaseMessage, ToolMessage } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";
import { CALL_OUTCOMES, editNote } from "../messages/call-outcome.js";
import { withFields } from "../messages/with-fields.js";
import { toolMessage, withAnswer } from "../tools/tool-result.js";
import type { Review } from "./decide.js";

type Arguments = Readonly<Record<string, unknown>>;
type Ran = Extract<Review, { kind: "accept" | "edit" }>;
type NotRun = Exclude<Review, Ran>;

/** Notes on the tool message what was decided, with what was shown and what ran; in a command's update too. Of an edit the model is told. */
export function markReview(result: unknown, review: Ran, proposed: Arguments, call: ToolCall | undefined): unknown {
  const command = toCommand(result);
  if (command !== undefined) return call === undefined ? command : withAnswer(command, call, (message) => mark(message, review, proposed));
  return isBaseMessage(result) && ToolMessage.isInstance(result) ? mark(result, review, proposed) : result;
}

function mark(message: ToolMessage, review: Ran, proposed: Arguments): ToolMessage {
  const edited = review.kind === "edit";
  const metadata = { ...message.metadata, review: edited ? { ...review, proposed } : { ...review, args: proposed } };
  if (!edited || isDeepStrictEqual(review.args, proposed)) return withFields(message, { metadata });
  const note = editNote(review.args);
  const { content } = message;
  return withFields(message, {
    metadata,
    content: typeof content === "string" ? `${content}\n\n${note}` : [...content, { type: "text", text: note }],
  });
}

/** Tells the model of a call that was not executed. */
export function notRun(name: string, review: NotRun, args: Arguments, call: ToolCall | undefined): unknown {
  const outcome = review.kind === "response" ? CALL_OUTCOMES.answered(name, review.text) : CALL_OUTCOMES.refused(name, review.text);
  if (call === undefined) return outcome.content;
  return withFields(toolMessage({ ...call, name }, undefined, outcome), { metadata: { review: { ...review, args } } });
}

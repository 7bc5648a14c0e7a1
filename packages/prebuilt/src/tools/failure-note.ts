import type { ToolMessage } from "@langchain/core/messages";

type Note = (message: ToolMessage) => ToolMessage;

const notes = new WeakMap<object, Note>();

/** Notes on an error, on its way out of a tool, what the tool message about it is to say besides. */
export function noteOnFailure(error: unknown, note: Note): void {
  if (typeof error === "object" && error !== null) notes.set(error, note);
}

export function withFailureNote(error: unknown, message: ToolMessage): ToolMessage {
  const note = typeof error === "object" && error !== null ? notes.get(error) : undefined;
  return note === undefined ? message : note(message);
}

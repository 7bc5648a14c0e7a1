import { describeThrown } from "@holdpoint/checkpoint";
import type { ToolMessage } from "@langchain/core/messages";

type Note = (message: ToolMessage) => ToolMessage;

const notes = new WeakMap<object, Note>();

/** Carries what a tool threw that nothing can be noted on, such as a text, out of the tool. */
class Carrier extends Error {
  readonly thrown: unknown;

  constructor(thrown: unknown) {
    super(describeThrown(thrown).message);
    this.thrown = thrown;
  }
}

/** Notes on what a tool threw what the tool message about it is to say besides. @returns what is to be thrown on */
export function noteOnFailure(thrown: unknown, note: Note): unknown {
  const noted = (typeof thrown === "object" && thrown !== null) || typeof thrown === "function" ? thrown : new Carrier(thrown);
  notes.set(noted, note);
  return noted;
}

/** What was thrown in the first place, and the note on it. */
export function readFailure(thrown: unknown): { readonly error: unknown; readonly note: Note | undefined } {
  const note = (typeof thrown === "object" && thrown !== null) || typeof thrown === "function" ? notes.get(thrown) : undefined;
  return { error: note !== undefined && isCarrier(thrown) ? thrown.thrown : thrown, note };
}

function isCarrier(thrown: unknown): thrown is Carrier {
  try {
    return thrown instanceof Carrier;
  } catch {
    // A proxy may throw whatever it is asked.
    return false;
  }
}

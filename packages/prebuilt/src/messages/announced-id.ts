import { randomUUID } from "node:crypto";
import type { BaseMessage } from "@langchain/core/messages";
import { sideNotes } from "../side-notes.js";

const announced = sideNotes<BaseMessage, string | undefined>();

/** Chooses the id that a message without one will have in the state, for those who are shown it before. */
export function announceId(message: BaseMessage): string {
  const id = randomUUID();
  announced.set(message, id);
  return id;
}

/** The id for a message that has none: the announced one, once. The same object may be returned again, and is then another message. */
export function takeId(message: BaseMessage): string {
  const id = announced.get(message);
  if (id === undefined) return randomUUID();
  announced.set(message, undefined);
  return id;
}

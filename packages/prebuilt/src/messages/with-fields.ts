import type { BaseMessage } from "@langchain/core/messages";

/** Copies a message with some fields changed; the message itself, which may stand in saved state, stays as it was. */
export function withFields<Message extends BaseMessage>(message: Message, fields: Readonly<Record<string, unknown>>): Message {
  const copy = Object.create(Object.getPrototypeOf(message) as object) as Message;
  const descriptors = Object.getOwnPropertyDescriptors(message) as Record<PropertyKey, PropertyDescriptor>;
  Object.defineProperties(copy, descriptors);
  Object.assign(copy, fields);
  // What LangChain's own serializer reads.
  copy.lc_kwargs = { ...(message.lc_kwargs as object), ...fields };
  return copy;
}

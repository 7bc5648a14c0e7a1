import type { SerializerExtension } from "@holdpoint/checkpoint";
import {
  AIMessage,
  AIMessageChunk,
  type BaseMessage,
  BaseMessageChunk,
  ChatMessage,
  ChatMessageChunk,
  FunctionMessage,
  FunctionMessageChunk,
  HumanMessage,
  HumanMessageChunk,
  isBaseMessage,
  RemoveMessage,
  SystemMessage,
  SystemMessageChunk,
  ToolMessage,
  ToolMessageChunk,
} from "@langchain/core/messages";

type Fields = Record<string, unknown>;
type Build = (fields: never) => BaseMessage;

/** Saved under this name for ever. */
const NAME = "langchain:message";

/** The classes that saved data may become, by what stands in it. Nothing else is ever built. */
const CLASSES: Readonly<Record<string, Build>> = {
  ai: (fields) => new AIMessage(fields),
  "ai+": (fields) => new AIMessageChunk(fields),
  human: (fields) => new HumanMessage(fields),
  "human+": (fields) => new HumanMessageChunk(fields),
  system: (fields) => new SystemMessage(fields),
  "system+": (fields) => new SystemMessageChunk(fields),
  tool: (fields) => new ToolMessage(fields),
  "tool+": (fields) => new ToolMessageChunk(fields),
  function: (fields) => new FunctionMessage(fields),
  "function+": (fields) => new FunctionMessageChunk(fields),
  generic: (fields) => new ChatMessage(fields),
  "generic+": (fields) => new ChatMessageChunk(fields),
  remove: (fields) => new RemoveMessage(fields),
};

/** Every field that a message class has, beside its type. */
const FIELDS = [
  "id",
  "name",
  "content",
  "additional_kwargs",
  "response_metadata",
  "tool_calls",
  "invalid_tool_calls",
  "tool_call_chunks",
  "usage_metadata",
  "tool_call_id",
  "status",
  "artifact",
  "metadata",
  "role",
] as const;

/** Fields that are left out where they are as a new message has them. */
const isDefault = (value: unknown): boolean =>
  value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0 && !(value instanceof Date));

const OMITTED_WHEN_EMPTY = new Set<string>([
  "additional_kwargs",
  "response_metadata",
  "tool_calls",
  "invalid_tool_calls",
  "tool_call_chunks",
]);

function fieldsOf(message: BaseMessage): Fields {
  const fields: Fields = {};
  const source = message as unknown as Fields;
  // A chunk works its tool calls out from the pieces.
  const fromPieces = Array.isArray(source.tool_call_chunks) && source.tool_call_chunks.length > 0;
  for (const key of FIELDS) {
    if (fromPieces && (key === "tool_calls" || key === "invalid_tool_calls")) continue;
    const value = source[key];
    if (value === undefined || (OMITTED_WHEN_EMPTY.has(key) && isDefault(value))) continue;
    fields[key] = value;
  }
  return fields;
}

function kindOf(message: BaseMessage): string {
  const type = message.getType();
  return BaseMessageChunk.isInstance(message) ? `${type}+` : type;
}

/** Saves LangChain messages by class, all their fields included; reading builds none but LangChain's own message classes. */
export const messageType: SerializerExtension<BaseMessage> = {
  name: NAME,
  is: (value): value is BaseMessage => isBaseMessage(value as BaseMessage) && kindOf(value as BaseMessage) in CLASSES,
  encode: (message) => [kindOf(message), fieldsOf(message)],
  decode(data) {
    if (!Array.isArray(data) || data.length !== 2) throw new TypeError("a saved message is no pair");
    const [kind, fields] = data as [unknown, unknown];
    const build = typeof kind === "string" && Object.hasOwn(CLASSES, kind) ? CLASSES[kind] : undefined;
    if (build === undefined) throw new TypeError(`there is no message class ${JSON.stringify(kind)}`);
    const known = checkFields(fields);
    const message = build({ ...known } as never);
    // Constructors leave some fields out, or derive them from others.
    for (const key of Object.keys(known))
      if ((message as unknown as Fields)[key] !== known[key]) (message as unknown as Fields)[key] = known[key];
    return message;
  },
};

function checkFields(fields: unknown): Fields {
  if (typeof fields !== "object" || fields === null) throw new TypeError("a saved message has no fields");
  const known: Fields = {};
  for (const key of FIELDS) if (Object.hasOwn(fields, key)) known[key] = (fields as Fields)[key];
  if (typeof known.content !== "string" && !Array.isArray(known.content)) throw new TypeError("a saved message has no content");
  for (const key of ["tool_calls", "invalid_tool_calls", "tool_call_chunks"]) {
    if (key in known && !Array.isArray(known[key])) throw new TypeError(`${key} of a saved message is no list`);
  }
  return known;
}

import {
  AIMessage,
  type BaseMessage,
  BaseMessageChunk,
  type BaseMessageLike,
  ChatMessage,
  coerceMessageLikeToMessage,
  FunctionMessage,
  HumanMessage,
  isBaseMessage,
  SystemMessage,
  ToolMessage,
} from "@langchain/core/messages";
import { AgentError } from "../agent-error.js";

type Fields = Record<string, unknown>;

const WHOLE: Readonly<Record<string, (fields: Fields) => BaseMessage>> = {
  ai: (fields) => new AIMessage(fields as never),
  human: (fields) => new HumanMessage(fields as never),
  system: (fields) => new SystemMessage(fields as never),
  tool: (fields) => new ToolMessage(fields as never),
  function: (fields) => new FunctionMessage(fields as never),
  generic: (fields) => new ChatMessage(fields as never),
};

/** Fields of a chunk that its whole message has no use for. */
const CHUNK_ONLY = new Set(["type", "tool_call_chunks", "chunk_position"]);

/**
 * Makes a message of anything that describes one: a string, `[role, content]`, `{ role, content }`, `{ type, content }`, a message or a chunk.
 * @throws AgentError INVALID_MESSAGES
 */
export function toMessage(value: BaseMessageLike): BaseMessage {
  if (isBaseMessage(value)) return BaseMessageChunk.isInstance(value) ? toWhole(value) : value;
  if (typeof value !== "string" && (typeof value !== "object" || value === null)) throw invalidMessage(value);
  try {
    return coerceMessageLikeToMessage(value);
  } catch (cause) {
    throw invalidMessage(value, cause);
  }
}

/** A chunk that was gathered to its end is kept as the message that it is. */
function toWhole(chunk: BaseMessageChunk): BaseMessage {
  const build = WHOLE[chunk.getType()];
  if (build === undefined) return chunk;
  return build(Object.fromEntries(Object.entries(chunk).filter(([key]) => !CHUNK_ONLY.has(key) && !key.startsWith("lc_"))));
}

function invalidMessage(value: unknown, cause?: unknown): AgentError {
  const shape =
    typeof value === "object" && value !== null
      ? `an object with the keys ${Object.keys(value).join(", ") || "(none)"}`
      : `a ${typeof value}`;
  return new AgentError(
    "INVALID_MESSAGES",
    `No message can be made of ${shape}. Pass a LangChain message, { role, content }, [role, content] or a string; roles are user, assistant, system, developer and tool (with tool_call_id).`,
    { cause },
  );
}

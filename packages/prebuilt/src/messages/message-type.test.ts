import { createSerializer } from "@holdpoint/checkpoint";
import {
  AIMessage,
  AIMessageChunk,
  type BaseMessage,
  ChatMessage,
  ChatMessageChunk,
  FunctionMessage,
  HumanMessage,
  HumanMessageChunk,
  RemoveMessage,
  SystemMessage,
  SystemMessageChunk,
  ToolMessage,
  ToolMessageChunk,
} from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import { messageType } from "./message-type.js";

const serializer = createSerializer({ extensions: [messageType as never] });
const copy = (value: unknown) => serializer.loads(serializer.dumps(value));

const call = { id: "c1", name: "book", args: { when: "today" }, type: "tool_call" as const };
const bad = { id: "c2", name: "book", args: "{", error: "Malformed args.", type: "invalid_tool_call" as const };
const usage = { input_tokens: 1, output_tokens: 2, total_tokens: 3, input_token_details: { cache_read: 1 } };

const messages: BaseMessage[] = [
  new HumanMessage("hi"),
  new HumanMessage({ id: "h", name: "Ada", content: [{ type: "text", text: "hi" }], additional_kwargs: { a: 1 } }),
  new HumanMessageChunk({ id: "hc", content: "hi" }),
  new AIMessage({
    id: "a",
    name: "desk",
    content: "",
    tool_calls: [call],
    invalid_tool_calls: [bad],
    usage_metadata: usage,
    response_metadata: { model: "m", at: new Date(0) },
  }),
  new AIMessage({
    id: "raw",
    content: "x",
    additional_kwargs: { tool_calls: [{ id: "o", type: "function", function: { name: "f", arguments: "{}" } }] },
    tool_calls: [call],
  }),
  new AIMessage({ id: "v1", content: [{ type: "text", text: "hi" }], response_metadata: { output_version: "v1" }, tool_calls: [call] }),
  new AIMessageChunk({
    id: "ac",
    content: "part",
    tool_call_chunks: [{ id: "c1", name: "book", args: '{"a":', index: 0, type: "tool_call_chunk" }],
  }),
  new AIMessageChunk({ id: "ad", content: "part", tool_calls: [call], usage_metadata: usage }),
  new SystemMessage("be brief"),
  new SystemMessageChunk("be"),
  new ToolMessage({
    id: "t",
    content: "done",
    tool_call_id: "c1",
    name: "book",
    status: "error",
    artifact: new Map([["k", 1n]]),
    metadata: { review: { kind: "accept" } },
  }),
  new ToolMessageChunk({ content: "do", tool_call_id: "c1", status: "success" }),
  new FunctionMessage({ content: "x", name: "f" }),
  new ChatMessage("arr", "pirate"),
  new ChatMessageChunk({ content: "arr", role: "pirate" }),
  new RemoveMessage({ id: "gone" }),
];

/** What a message shows, beside what it was constructed from. */
function visible(message: BaseMessage) {
  const { lc_kwargs: _constructed, ...fields } = message as unknown as Record<string, unknown>;
  return fields;
}

describe("messageType", () => {
  it.each(messages.map((message) => [`${message.constructor.name} ${message.id ?? ""}`, message] as const))(
    "keeps a %s with its class and fields",
    (_name, message) => {
      const read = copy({ messages: [message] }) as { messages: [BaseMessage] };
      expect(read.messages[0].constructor).toBe(message.constructor);
      expect(visible(read.messages[0])).toEqual(visible(message));
      expect(copy(read.messages[0])).toEqual(read.messages[0]);
    },
  );

  it("leaves alone what only looks like a message", () => {
    const plain = { lc: 1, type: "constructor", id: ["langchain_core", "messages", "AIMessage"], kwargs: { content: "x" } };
    expect(copy(plain)).toEqual(plain);
    expect(copy({ type: "ai", content: "x", lc_serializable: true })).toEqual({ type: "ai", content: "x", lc_serializable: true });
  });

  it.each([
    ["another class", ["Function", { content: "x" }]],
    ["a key of the prototype", ["constructor", { content: "x" }]],
    ["no content", ["ai", { id: "x" }]],
    ["calls that are no list", ["ai", { content: "", tool_calls: { length: 1 } }]],
    ["no pair", { content: "x" }],
  ])("builds nothing of %s", (_name, data) => {
    expect(() => messageType.decode(data)).toThrow(TypeError);
  });

  it("takes no field that a message does not have", () => {
    const read = messageType.decode(["human", { content: "x", lc_namespace: ["evil"], toJSON: "evil" }]);
    expect(read.lc_namespace).toEqual(["langchain_core", "messages"]);
    expect(typeof read.toJSON).toBe("function");
  });
});

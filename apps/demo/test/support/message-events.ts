import { randomUUID } from "node:crypto";

export type ReplyBlock =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "tool_use"; readonly name: string; readonly input: unknown; readonly id?: string };

const newId = (prefix: string): string => `${prefix}_${randomUUID().replaceAll("-", "").slice(0, 24)}`;

const usage = (output_tokens: number) => ({
  input_tokens: 100,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens,
  service_tier: "standard",
});

const stopReason = (content: readonly ReplyBlock[]): string => (content.some(({ type }) => type === "tool_use") ? "tool_use" : "end_turn");

const withId = (block: ReplyBlock) =>
  block.type === "tool_use" ? { type: "tool_use" as const, id: block.id ?? newId("toolu"), name: block.name, input: block.input } : block;

/** A message as the API gives it without streaming. */
export const wholeMessage = (model: string, content: readonly ReplyBlock[]) => ({
  id: newId("msg"),
  type: "message",
  role: "assistant",
  model,
  content: content.map(withId),
  stop_reason: stopReason(content),
  stop_sequence: null,
  usage: usage(40),
});

interface StreamEvent {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** The same as the events of a stream: text in small pieces, a tool's input as broken JSON. */
export function messageEvents(model: string, content: readonly ReplyBlock[]): StreamEvent[] {
  const start = { ...wholeMessage(model, []), stop_reason: null, usage: usage(1) };
  return [
    { type: "message_start", message: start },
    { type: "ping" },
    ...content
      .map(withId)
      .flatMap((block, index) => [
        { type: "content_block_start", index, content_block: block.type === "text" ? { type: "text", text: "" } : { ...block, input: {} } },
        ...pieces(block).map((delta) => ({ type: "content_block_delta", index, delta })),
        { type: "content_block_stop", index },
      ]),
    { type: "message_delta", delta: { stop_reason: stopReason(content), stop_sequence: null }, usage: { output_tokens: 40 } },
    { type: "message_stop" },
  ];
}

function pieces(block: ReturnType<typeof withId>): Record<string, string>[] {
  if (block.type === "text") return cut(block.text).map((text) => ({ type: "text_delta", text }));
  return ["", ...cut(JSON.stringify(block.input))].map((partial_json) => ({ type: "input_json_delta", partial_json }));
}

const cut = (text: string): string[] => text.match(/.{1,7}/gsu) ?? [];

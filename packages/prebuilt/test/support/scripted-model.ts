import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import { BaseChatModel, type BaseChatModelCallOptions } from "@langchain/core/language_models/chat_models";
import { AIMessage, AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import type { Runnable } from "@langchain/core/runnables";

/** What the model says in one turn: a text, an AI message, or what it makes of the conversation. */
export type Turn = string | AIMessage | ((messages: readonly BaseMessage[]) => string | AIMessage);

let calls = 0;

/** An AI message that calls tools: `calling({ name: "book_hotel", args: { … } })`. */
export function calling(...toolCalls: readonly { name: string; args: Record<string, unknown>; id?: string }[]): AIMessage {
  return new AIMessage({
    content: "",
    tool_calls: toolCalls.map(({ name, args, id }): ToolCall => ({ name, args, id: id ?? `call_${++calls}`, type: "tool_call" })),
  });
}

interface Seen {
  readonly messages: readonly BaseMessage[];
  readonly tools: readonly unknown[];
}

interface CallOptions extends BaseChatModelCallOptions {
  tools?: unknown[];
}

/** A chat model that says what a test tells it, in order; streams word by word. */
export class ScriptedModel extends BaseChatModel<CallOptions> {
  readonly #turns: readonly Turn[];
  readonly #streams: boolean;
  /** What each call got. */
  readonly seen: Seen[] = [];

  constructor(turns: readonly Turn[], options: { streams?: boolean } = {}) {
    super({});
    this.#turns = turns;
    this.#streams = options.streams ?? true;
    if (!this.#streams) this._streamResponseChunks = BaseChatModel.prototype._streamResponseChunks;
  }

  override _llmType(): string {
    return "scripted";
  }

  override bindTools(tools: unknown[]): Runnable {
    return this.withConfig({ tools } as Partial<CallOptions>) as unknown as Runnable;
  }

  #next(messages: readonly BaseMessage[], options: this["ParsedCallOptions"]): AIMessage {
    const turn = this.#turns[this.seen.length];
    this.seen.push({ messages, tools: options.tools ?? [] });
    if (turn === undefined) throw new Error(`The script has ${this.#turns.length} turns; the model was called once more.`);
    const said = typeof turn === "function" ? turn(messages) : turn;
    return typeof said === "string" ? new AIMessage(said) : said;
  }

  override async _generate(messages: BaseMessage[], options: this["ParsedCallOptions"]): Promise<ChatResult> {
    const message = this.#next(messages, options);
    return { generations: [{ message, text: typeof message.content === "string" ? message.content : "" }] };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    run?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const message = this.#next(messages, options);
    const text = typeof message.content === "string" ? message.content : "";
    for (const word of text.match(/\S+\s*/g) ?? [""]) {
      const chunk = new ChatGenerationChunk({ text: word, message: new AIMessageChunk({ content: word, id: message.id }) });
      yield chunk;
      await run?.handleLLMNewToken(word, undefined, undefined, undefined, undefined, { chunk });
    }
    const pieces =
      message.tool_calls?.map(({ name, args, id }, index) => ({
        name,
        args: JSON.stringify(args),
        id,
        index,
        type: "tool_call_chunk" as const,
      })) ?? [];
    if (pieces.length === 0) return;
    const chunk = new ChatGenerationChunk({
      text: "",
      message: new AIMessageChunk({ content: "", id: message.id, tool_call_chunks: pieces }),
    });
    yield chunk;
    await run?.handleLLMNewToken("", undefined, undefined, undefined, undefined, { chunk });
  }
}

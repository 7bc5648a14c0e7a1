import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, AIMessageChunk } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";
import { tool } from "@langchain/core/tools";
import { z } from "zod";

/** A LangChain chat model that calls the tool `add` so many times, once a turn, and then says that it is done. */
export class ScriptedModel extends BaseChatModel {
  constructor(toolCalls) {
    super({});
    this.toolCalls = toolCalls;
  }

  _llmType() {
    return "scripted";
  }

  bindTools(tools) {
    return this.withConfig({ tools });
  }

  async _generate(messages) {
    // The question, then a call and its answer for each turn.
    const turn = (messages.length - 1) / 2;
    const message =
      turn < this.toolCalls
        ? new AIMessage({ content: "", tool_calls: [{ name: "add", args: { a: turn, b: 1 }, id: `call-${turn}`, type: "tool_call" }] })
        : new AIMessage("done");
    return { generations: [{ text: "", message }] };
  }
}

/** A chat model that streams one answer in so many chunks. */
export class TalkingModel extends BaseChatModel {
  constructor(chunks) {
    super({});
    this.chunks = chunks;
  }

  _llmType() {
    return "talking";
  }

  async _generate() {
    return { generations: [{ text: "", message: new AIMessage("word ".repeat(this.chunks)) }] };
  }

  async *_streamResponseChunks(_messages, _options, runManager) {
    for (let index = 0; index < this.chunks; index++) {
      const chunk = new ChatGenerationChunk({ text: "word ", message: new AIMessageChunk("word ") });
      yield chunk;
      await runManager?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk });
    }
  }
}

export const addTool = tool(({ a, b }) => String(a + b), {
  name: "add",
  description: "Adds two numbers",
  schema: z.object({ a: z.number(), b: z.number() }),
});

import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import { BaseChatModel, type BaseChatModelCallOptions, type BindToolsInput } from "@langchain/core/language_models/chat_models";
import { AIMessage, AIMessageChunk, type BaseMessage, type ToolMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import type { Day } from "../calendar.js";
import { readOutcome } from "../tools/tool-result.js";
import { planReply } from "./plan-reply.js";
import type { Plan, Turn } from "./turn.js";

interface OfflineCallOptions extends BaseChatModelCallOptions {
  /** Names of the tools that it may call. */
  readonly toolNames?: readonly string[];
}

/**
 * A chat model that needs no key and no network: it reads requests for hotel rooms by rules, calls the same tools as Claude does, streams,
 * and has, as Claude has, nothing to go by but the messages.
 */
export class OfflineDeskModel extends BaseChatModel<OfflineCallOptions> {
  readonly #today: () => Day;
  readonly #pace: number;

  /** @param options.pace milliseconds between two words, so that streaming can be seen. Default 12 */
  constructor(options: { today: () => Day; pace?: number }) {
    super({});
    this.#today = options.today;
    this.#pace = options.pace ?? 12;
  }

  _llmType(): string {
    return "offline-desk";
  }

  override bindTools(tools: BindToolsInput[], options?: Partial<OfflineCallOptions>) {
    return this.withConfig({ ...options, toolNames: tools.map(nameOf) });
  }

  override async _generate(messages: BaseMessage[], options: this["ParsedCallOptions"]): Promise<ChatResult> {
    const plan = this.#plan(messages, options);
    const calls =
      plan.kind === "call" ? plan.calls.map(({ name, args }) => ({ name, args, id: callId(), type: "tool_call" as const })) : [];
    return { generations: [{ text: plan.text, message: new AIMessage({ content: plan.text, tool_calls: calls }) }] };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    manager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const plan = this.#plan(messages, options);
    for (const piece of plan.text.split(/(?<=\s)/)) {
      if (this.#pace > 0) await wait(this.#pace, undefined, { signal: options.signal });
      const chunk = new ChatGenerationChunk({ text: piece, message: new AIMessageChunk({ content: piece }) });
      yield chunk;
      await manager?.handleLLMNewToken(piece, undefined, undefined, undefined, undefined, { chunk });
    }
    if (plan.kind === "call")
      yield new ChatGenerationChunk({ text: "", message: new AIMessageChunk({ content: "", tool_call_chunks: chunksOf(plan) }) });
  }

  #plan(messages: readonly BaseMessage[], { toolNames }: OfflineCallOptions): Plan {
    const plan = planReply(messages.flatMap(asTurn), this.#today());
    const missing = plan.kind === "call" ? plan.calls.find(({ name }) => !toolNames?.includes(name)) : undefined;
    return missing === undefined ? plan : { kind: "say", text: `I would need the tool "${missing.name}", which I was not given.` };
  }
}

const callId = (): string => `call_${randomUUID()}`;

const chunksOf = ({ calls }: Extract<Plan, { kind: "call" }>) =>
  calls.map(({ name, args }, index) => ({ name, args: JSON.stringify(args), id: callId(), index, type: "tool_call_chunk" as const }));

function asTurn(message: BaseMessage): Turn[] {
  if (message.type === "human") return [{ kind: "person", text: message.text }];
  if (message.type === "tool") return [{ kind: "result", outcome: readOutcome(message as ToolMessage) }];
  if (message.type === "ai") return [{ kind: "desk", calls: ((message as AIMessage).tool_calls?.length ?? 0) > 0 }];
  return [];
}

function nameOf(tool: BindToolsInput): string {
  if ("name" in tool && typeof tool.name === "string") return tool.name;
  const { function: declared } = tool as { function?: { name?: string } };
  return declared?.name ?? "";
}

import { type FollowedTask, isCommand } from "@holdpoint/core";
import { BaseCallbackHandler, type HandleLLMNewTokenCallbackFields, type NewTokenIndices } from "@langchain/core/callbacks/base";
import { AIMessageChunk, type BaseMessage, isBaseMessage } from "@langchain/core/messages";
import type { LLMResult } from "@langchain/core/outputs";
import { announceId } from "../messages/announced-id.js";
import { withFields } from "../messages/with-fields.js";

type Metadata = Record<string, unknown>;

/** Under this name the handler is found among callbacks. */
export const MESSAGE_STREAM = "holdpoint_message_stream";
const SILENT = new Set(["nostream", "langsmith:nostream"]);

/**
 * Reports, for the stream mode `messages`, a model's tokens as they come, the whole messages of models that do not stream, and messages
 * that a node returns without a model. Each message is reported once.
 */
export class MessageStream extends BaseCallbackHandler {
  readonly name = MESSAGE_STREAM;
  /** Called at once, instead of from LangChain's queue: it takes no time, and the queue does. */
  override readonly awaitHandlers = true;
  /** Makes `invoke` stream. */
  readonly lc_prefer_streaming = true;
  readonly #task: FollowedTask;
  readonly #metadata = new Map<string, Metadata>();
  /** By run: the id that all its pieces go under. */
  readonly #ids = new Map<string, string>();
  /** Ids that were reported, by this task or by the tasks around it; and those that the node was given. */
  readonly #seen: Set<string>;

  constructor(task: FollowedTask, around: MessageStream | undefined) {
    super();
    this.#task = task;
    this.#seen = around === undefined ? new Set() : around.#seen;
    for (const message of messagesIn(task.input)) if (message.id !== undefined) this.#seen.add(message.id);
  }

  override handleChatModelStart(
    _model: unknown,
    _messages: unknown,
    runId: string,
    _parentRunId?: string,
    _extra?: unknown,
    tags?: string[],
    metadata?: Metadata,
    name?: string,
  ): void {
    if (tags?.some((tag) => SILENT.has(tag)) === true) return;
    // A model of a graph inside this task, whose messages nobody asked for.
    const ns = metadata?.langgraph_checkpoint_ns;
    if (ns !== undefined && ns !== this.#task.ns) return;
    this.#metadata.set(runId, { tags, name, ...metadata });
  }

  override handleLLMNewToken(
    token: string,
    _at: NewTokenIndices,
    runId: string,
    _parentRunId?: string,
    _tags?: string[],
    fields?: HandleLLMNewTokenCallbackFields,
  ): void {
    const metadata = this.#metadata.get(runId);
    if (metadata === undefined) return;
    const chunk = (fields?.chunk as { message?: unknown } | undefined)?.message;
    this.#report(isBaseMessage(chunk as BaseMessage) ? (chunk as BaseMessage) : new AIMessageChunk(token), runId, metadata);
  }

  override handleLLMEnd(output: LLMResult, runId: string): void {
    const metadata = this.#metadata.get(runId);
    if (metadata === undefined) return;
    const streamed = this.#ids.has(runId);
    const message = (output.generations[0]?.[0] as { message?: unknown } | undefined)?.message as BaseMessage | undefined;
    if (isBaseMessage(message)) {
      if (!streamed && !(message.id !== undefined && this.#seen.has(message.id))) this.#report(message, runId, metadata);
      // The node will return this message, under whatever id it has.
      if (message.id !== undefined) this.#seen.add(message.id);
    }
    this.#forget(runId);
  }

  override handleLLMError(_error: unknown, runId: string): void {
    this.#forget(runId);
  }

  /** Reports the messages of a node's update that no model has brought. */
  returned(update: unknown): void {
    for (const message of messagesIn(update)) {
      if (message.id !== undefined && this.#seen.has(message.id)) continue;
      const id = message.id ?? announceId(message);
      this.#seen.add(id);
      this.#task.emit(message.id === undefined ? withFields(message, { id }) : message, {});
    }
  }

  /** Reports a message that code shows by itself, be it a new form of one that is known. */
  pushed(message: BaseMessage): void {
    if (message.id !== undefined) this.#seen.add(message.id);
    this.#task.emit(message, {});
  }

  #report(message: BaseMessage, runId: string, metadata: Metadata): void {
    const known = this.#ids.get(runId);
    const own = message.id === undefined || message.id === `run-${runId}` ? undefined : message.id;
    const id = known ?? own ?? `run-${runId}`;
    this.#ids.set(runId, id);
    this.#seen.add(id);
    this.#task.emit(message.id === id ? message : withFields(message, { id }), metadata);
  }

  #forget(runId: string): void {
    this.#metadata.delete(runId);
    this.#ids.delete(runId);
  }
}

function messagesIn(value: unknown, depth = 0): BaseMessage[] {
  if (typeof value !== "object" || value === null || depth > 3) return [];
  if (isBaseMessage(value as BaseMessage)) return (value as BaseMessage).getType() === "remove" ? [] : [value as BaseMessage];
  if (isCommand(value)) return messagesIn(value.update, depth + 1);
  const inner = Array.isArray(value) ? value : Object.values(value);
  return inner.flatMap((item) => messagesIn(item, depth + 1));
}

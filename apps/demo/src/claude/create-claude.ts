import Anthropic from "@anthropic-ai/sdk";
import { ChatAnthropic } from "@langchain/anthropic";
import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { BaseMessage } from "@langchain/core/messages";
import type { ChatGenerationChunk } from "@langchain/core/outputs";
import { CutStreamError } from "./cut-stream-error.js";
import { patientFetch } from "./patient-fetch.js";

export interface ClaudeOptions {
  readonly apiKey: string;
  /** A model of Anthropic's, such as "claude-sonnet-4-5". */
  readonly model: string;
  /** Where the Messages API is. Default: Anthropic's. */
  readonly baseUrl?: string;
  /** Times that a request is sent again after 429, 5xx or a lost connection. Default 2. */
  readonly retries?: number;
  /** Milliseconds to the first byte of an answer. Default one minute. */
  readonly timeout?: number;
  /** Called before a wait that the service asked for, with its length in seconds. */
  readonly onWait?: (seconds: number) => void;
}

const LONGEST_ANSWER = 2_048;

/** Makes Claude, through `@langchain/anthropic` on `@anthropic-ai/sdk`. */
export function createClaude(options: ClaudeOptions): ChatAnthropic {
  const { apiKey, model, baseUrl, retries = 2, timeout = 60_000, onWait } = options;
  return new WholeAnswers({
    apiKey,
    model,
    maxTokens: LONGEST_ANSWER,
    streaming: true,
    // The SDK heeds `retry-after`; LangChain's own retries do not, and would multiply with these.
    maxRetries: 0,
    createClient: (given: object) =>
      new Anthropic({
        ...given,
        apiKey,
        ...(baseUrl === undefined ? {} : { baseURL: baseUrl }),
        maxRetries: retries,
        timeout,
        logLevel: "off",
        fetch: patientFetch(fetch, onWait),
      }),
  });
}

/** ChatAnthropic, except that an answer that breaks off is an error: half a tool call must not reach a gate. */
class WholeAnswers extends ChatAnthropic {
  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    manager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    let whole = false;
    for await (const chunk of super._streamResponseChunks(messages, options, manager)) {
      whole ||= typeof chunk.message.additional_kwargs.stop_reason === "string";
      yield chunk;
    }
    options.signal?.throwIfAborted();
    if (!whole) throw new CutStreamError();
  }
}

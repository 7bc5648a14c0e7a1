import type { Runtime, StandardSchema } from "@holdpoint/core";
import { type BaseMessage, SystemMessage } from "@langchain/core/messages";
import { AgentError } from "../agent-error.js";
import { repairTranscript } from "../messages/repair-transcript.js";
import type { JsonSchema } from "../tools/agent-tool.js";
import type { ModelSource } from "./read-model.js";

/** The form of the agent's final answer: a schema, or a schema with a prompt of its own and options of `withStructuredOutput`. */
export type ResponseFormat<Response = unknown> =
  | StandardSchema<unknown, Response>
  | JsonSchema
  | { readonly schema: StandardSchema<unknown, Response> | JsonSchema; readonly prompt?: string; readonly [option: string]: unknown };

interface WithStructuredOutput {
  withStructuredOutput(schema: unknown, options?: unknown): { invoke(input: unknown, config: unknown): Promise<unknown> };
}

/**
 * Asks the model for its answer in the given form, as the last step of a run.
 * @throws AgentError NO_STRUCTURED_RESPONSE, INVALID_MODEL
 */
export function structuredResponseNode(source: ModelSource, format: ResponseFormat) {
  const { schema, prompt, options } = readFormat(format);
  return async (state: Record<string, unknown>, runtime: Runtime): Promise<{ structuredResponse: unknown }> => {
    const model = (await source.bare(state, runtime)) as unknown as Partial<WithStructuredOutput>;
    if (typeof model.withStructuredOutput !== "function") {
      throw new AgentError(
        "INVALID_MODEL",
        "responseFormat needs a chat model with withStructuredOutput. Pass one, or leave responseFormat out.",
      );
    }
    const messages = repairTranscript(state.messages as readonly BaseMessage[]);
    const input = prompt === undefined ? messages : [new SystemMessage(prompt), ...messages];
    const structuredResponse = await model.withStructuredOutput(schema, options).invoke(input, runtime);
    if (structuredResponse === undefined || structuredResponse === null) {
      throw new AgentError(
        "NO_STRUCTURED_RESPONSE",
        "The model gave nothing that fits responseFormat. Run it again, simplify the schema, or say in responseFormat.prompt what is expected.",
      );
    }
    return { structuredResponse };
  };
}

function readFormat(format: ResponseFormat): { schema: unknown; prompt: string | undefined; options: Record<string, unknown> | undefined } {
  if ((typeof format !== "object" && typeof format !== "function") || format === null)
    throw new AgentError("INVALID_OPTIONS", "responseFormat must be a schema, or { schema, prompt }.");
  const isWrapped = !("~standard" in format) && !("parse" in format) && "schema" in format && typeof format.schema === "object";
  if (!isWrapped) return { schema: format, prompt: undefined, options: undefined };
  const { schema, prompt, ...options } = format as { schema: unknown; prompt?: string };
  return { schema, prompt, options };
}

import { toJsonSchema } from "@langchain/core/utils/json_schema";
import type { ClientTool, JsonSchema } from "../tools/agent-tool.js";

/** What a reviewer may do with a call, in the words that the gate itself uses; each format has its own. */
export const CHOICES = ["accept", "edit", "response", "ignore"] as const;
export type Choice = (typeof CHOICES)[number];

/** A tool call that waits for a person: the one record that both formats show and read. */
export interface ReviewRequest {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly description: string;
  readonly allowed: readonly Choice[];
  /** JSON Schema of the tool's arguments; undefined where it has none that can be told. */
  readonly argsSchema: JsonSchema | undefined;
}

/** JSON Schema of the tool's arguments as plain data, which can be saved and sent. */
export function argumentSchema(tool: ClientTool): JsonSchema | undefined {
  try {
    return JSON.parse(JSON.stringify(toJsonSchema(tool.schema as never))) as JsonSchema;
  } catch {
    return undefined;
  }
}

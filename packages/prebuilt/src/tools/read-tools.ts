import type { StandardSchema } from "@holdpoint/core";
import { Runnable } from "@langchain/core/runnables";
import { isStandardJsonSchema, isStandardSchema } from "@langchain/core/utils/standard_schema";
import { isInteropZodSchema } from "@langchain/core/utils/types";
import { AgentError } from "../agent-error.js";
import type { AgentTool, ClientTool, JsonSchema, ServerTool, ToolDefinition, ToolFunction, ToolSchema } from "./agent-tool.js";
import { PlainTool } from "./plain-tool.js";
import type { ToolRuntime } from "./tool-runtime.js";

/** Tools sorted by who runs them. */
export interface ToolSet {
  /** What the model is told of, in the order given. */
  readonly all: readonly (ClientTool | ServerTool)[];
  /** What runs here, by name. */
  readonly client: ReadonlyMap<string, ClientTool>;
}

/**
 * Reads tools of any accepted form.
 * @throws AgentError INVALID_TOOL, DUPLICATE_TOOL
 */
export function readTools(tools: readonly AgentTool[]): ToolSet {
  if (!Array.isArray(tools))
    throw new AgentError("INVALID_TOOL", `The tools must be a list, not ${tools === null ? "null" : `a ${typeof tools}`}. ${FORMS}`);
  const client = new Map<string, ClientTool>();
  const all = tools.map((given) => {
    const tool = readTool(given);
    if (!isClientTool(tool)) return tool;
    if (client.has(tool.name))
      throw new AgentError(
        "DUPLICATE_TOOL",
        `Two tools have the name "${tool.name}", so that a call of it could mean either. Give each a name of its own.`,
      );
    client.set(tool.name, tool);
    return tool;
  });
  return { all, client };
}

/** Makes a LangChain tool of a function or definition; leaves LangChain's tools and server tools as they are. */
export function readTool(tool: AgentTool): ClientTool | ServerTool {
  if (typeof tool === "function") return fromFunction(tool as ToolFunction);
  if (typeof tool !== "object" || tool === null)
    throw new AgentError("INVALID_TOOL", `A tool is ${tool === null ? "null" : `a ${typeof tool}`}. ${FORMS}`);
  if (isClientTool(tool)) return tool;
  const { invoke, func } = tool as ToolDefinition;
  if (typeof invoke === "function" || typeof func === "function") return fromDefinition(tool as ToolDefinition);
  // What a provider runs is data. A function under another name would be handed to the model, and never be called.
  const key = Object.keys(tool).find((name) => typeof (tool as Readonly<Record<string, unknown>>)[name] === "function");
  if (key !== undefined) throw new AgentError("INVALID_TOOL", `A tool has a function "${key}", but neither invoke nor func. ${FORMS}`);
  return tool as ServerTool;
}

const FORMS = "Pass a LangChain tool, a function with a schema, or { name, description, schema, invoke }.";

export const isClientTool = (tool: unknown): tool is ClientTool =>
  Runnable.isRunnable(tool) && typeof (tool as { name?: unknown }).name === "string" && "schema" in (tool as object);

function fromFunction(run: ToolFunction): PlainTool {
  const { schema, description, returnDirect, responseFormat } = run;
  return fromDefinition({
    name: run.toolName ?? run.name,
    schema: schema as ToolSchema,
    invoke: run,
    description,
    returnDirect,
    responseFormat,
  });
}

function fromDefinition(definition: ToolDefinition): PlainTool {
  const { name, description, schema, returnDirect = false, responseFormat = "content" } = definition;
  if (typeof name !== "string" || name === "")
    throw new AgentError("INVALID_TOOL", `A tool has no name, so that a model could not call it. ${FORMS}`);
  if (schema === undefined || schema === null) {
    throw new AgentError(
      "INVALID_TOOL",
      `The tool "${name}" has no schema, so that a model would not know its arguments. Add one: schema: z.object({ … }).`,
    );
  }
  // Called as a method: a definition may be an instance that needs its `this`.
  const run = (args: never, runtime: ToolRuntime) =>
    definition.invoke === undefined ? definition.func?.(args, runtime) : definition.invoke(args, runtime);
  return new PlainTool({
    name,
    description: description ?? `${name} tool`,
    ...readSchema(name, schema),
    returnDirect,
    responseFormat,
    run,
  });
}

/** LangChain parses zod and JSON Schema itself; of any other Standard Schema it is given the JSON Schema, and the schema parses. */
function readSchema(name: string, schema: ToolSchema): { schema: unknown; validator: StandardSchema | undefined } {
  if (isInteropZodSchema(schema)) return { schema, validator: undefined };
  if (!isStandardSchema(schema)) return { schema: schema as JsonSchema, validator: undefined };
  if (isStandardJsonSchema(schema))
    return { schema: schema["~standard"].jsonSchema.input({ target: "draft-07" }), validator: schema as StandardSchema };
  const vendor = (schema as StandardSchema)["~standard"].vendor;
  throw new AgentError(
    "INVALID_TOOL",
    `The schema of the tool "${name}" (${vendor}) gives no JSON Schema, which the model needs. ${vendor === "valibot" ? "Wrap it: toStandardJsonSchema(schema), of @valibot/to-json-schema." : "Use a schema that implements Standard JSON Schema, zod, or plain JSON Schema."}`,
  );
}

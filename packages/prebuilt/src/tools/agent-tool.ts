import type { StandardSchema } from "@holdpoint/core";
import type { RunnableToolLike } from "@langchain/core/runnables";
import type { StructuredToolInterface } from "@langchain/core/tools";
import type { ToolRuntime } from "./tool-runtime.js";

/** A JSON Schema of a tool's arguments. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Arguments of a tool: zod (3 or 4), another Standard Schema that also gives JSON Schema (valibot, arktype), or JSON Schema itself. */
export type ToolSchema<Args = unknown> = StandardSchema<unknown, Args> | JsonSchema;

// biome-ignore lint/suspicious/noExplicitAny: tools of any arguments in one list; each is parsed by its own schema before it is called
type AnyArguments = any;

/** A tool as an object: what to call, under which name, with which arguments. */
export interface ToolDefinition<Args = AnyArguments> {
  readonly name: string;
  readonly description?: string;
  readonly schema: ToolSchema<Args>;
  readonly invoke?: (args: Args, runtime: ToolRuntime) => unknown;
  /** The same as `invoke`. */
  readonly func?: (args: Args, runtime: ToolRuntime) => unknown;
  /** Ends the run with this tool's result instead of asking the model again. */
  readonly returnDirect?: boolean;
  /** "content_and_artifact": the tool returns `[content, artifact]`. Default "content". */
  readonly responseFormat?: "content" | "content_and_artifact";
}

/** A tool as a function with properties; its own name unless `toolName` says another. */
export interface ToolFunction<Args = AnyArguments> {
  (args: Args, runtime: ToolRuntime): unknown;
  readonly toolName?: string;
  readonly description?: string;
  readonly schema?: ToolSchema<Args>;
  readonly returnDirect?: boolean;
  readonly responseFormat?: "content" | "content_and_artifact";
}

/** A tool that the model's provider runs itself: handed to the model as it is, never run here. */
export interface ServerTool {
  readonly [key: string]: unknown;
  readonly invoke?: never;
  readonly func?: never;
}

/** A tool that runs here, as LangChain knows it. */
export type ClientTool = StructuredToolInterface | RunnableToolLike;

/**
 * A LangChain tool as far as an agent must know it to take it: every `ClientTool` is one. Comparing a tool with LangChain's own
 * interfaces costs the compiler thousands of instantiations, for each kind of schema anew.
 */
export interface LangChainTool {
  readonly name: string;
  readonly schema: unknown;
  readonly lc_id: readonly string[];
  invoke(...args: AnyArguments): unknown;
}

/** What the `tools` of an agent may be. */
export type AgentTool = LangChainTool | ToolDefinition | ToolFunction | ServerTool;

import { hash128, hashUuid } from "@holdpoint/checkpoint";
import { currentState, GraphError, isGraphInterrupt, type Runtime } from "@holdpoint/core";
import type { ToolCall } from "@langchain/core/messages/tool";
import { ToolInputParsingException } from "@langchain/core/tools";
import type { ClientTool } from "./agent-tool.js";
import { invalidArguments, parseArguments } from "./parse-arguments.js";
import { readResult, type ToolResult, toolMessage } from "./tool-result.js";
import type { ToolRuntime } from "./tool-runtime.js";

/** What becomes of a tool's error: a tool message (true, or a function that words it), or the failure of the run (false). */
export type HandleToolErrors = boolean | ((error: unknown, call: ToolCall) => string);

/** One call, and the AI message that made it. */
export interface PlacedCall {
  readonly call: ToolCall;
  /** Id of the AI message; "" where it has none. */
  readonly messageId: string;
  /** What was wrong with the arguments, where the model wrote no JSON. */
  readonly malformed?: string | undefined;
}

export interface ToolRunner {
  readonly tools: ReadonlyMap<string, ClientTool>;
  readonly handleToolErrors: HandleToolErrors;
}

/** Runs one tool call, and makes of its result what the transcript needs. A pause, and an answer that was refused, pass through. */
export async function runToolCall(
  runner: ToolRunner,
  placed: PlacedCall,
  state: unknown,
  runtime: Runtime | undefined,
): Promise<ToolResult> {
  const { call } = placed;
  const messageId = resultId(placed);
  const tool = runner.tools.get(call.name);
  if (placed.malformed !== undefined) return toolMessage(call, messageId, malformedCall(call.name, placed.malformed), "error");
  if (tool === undefined) return toolMessage(call, messageId, unknownTool(call.name, runner.tools), "error");
  try {
    const parsed = await parseArguments(tool, call.args);
    if (parsed.issues !== undefined) throw invalidArguments(call.name, parsed.issues);
    const output: unknown = await tool.invoke({ ...call, type: "tool_call" } as never, toolRuntime(placed, state, runtime) as never);
    return readResult(call, messageId, output);
  } catch (error) {
    if (mustPass(error, runtime) || runner.handleToolErrors === false) throw error;
    return toolMessage(call, messageId, wordError(runner.handleToolErrors, error, call), "error");
  }
}

/** Follows from the call, so that running it twice gives one message. */
const resultId = ({ call, messageId }: PlacedCall): string => hashUuid(JSON.stringify(["result", messageId, call.id ?? ""]));

function toolRuntime({ call, messageId }: PlacedCall, state: unknown, runtime: Runtime | undefined): Partial<ToolRuntime> {
  const threadId = runtime?.configurable.thread_id ?? "";
  return {
    ...runtime,
    config: runtime as Runtime,
    toolCallId: call.id ?? "",
    state: (state ?? currentState() ?? {}) as Record<string, unknown>,
    idempotencyKey: hash128(JSON.stringify([threadId, messageId, call.id ?? ""])),
  };
}

/** Errors that say how the graph itself stands: no model can do anything about them. */
const RUNTIME_CODES = new Set(["ABORTED", "INVALID_ANSWER", "MISSING_CHECKPOINTER", "OUTSIDE_RUN", "THREAD_BUSY"]);

function mustPass(error: unknown, runtime: Runtime | undefined): boolean {
  if (isGraphInterrupt(error)) return true;
  if (GraphError.is(error) && RUNTIME_CODES.has(error.code)) return true;
  // A command of a graph inside the tool, on its way to the graph around.
  if (error instanceof Error && error.name === "ParentCommand") return true;
  return runtime?.signal?.aborted === true;
}

function wordError(handle: HandleToolErrors, error: unknown, call: ToolCall): string {
  if (typeof handle === "function") return handle(error, call);
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof ToolInputParsingException) return `Error: ${text}\n Nothing was done. Call the tool again with arguments that fit.`;
  return `Error: ${text}\n Please fix your mistakes.`;
}

const unknownTool = (name: string, tools: ReadonlyMap<string, unknown>): string =>
  `Error: there is no tool "${name}". Nothing was done. The tools are: ${[...tools.keys()].join(", ") || "none"}.`;

const malformedCall = (name: string, why: string): string =>
  `Error: the arguments of this call of "${name}" are not valid JSON (${why}). Nothing was done. Call the tool again with complete, valid arguments.`;

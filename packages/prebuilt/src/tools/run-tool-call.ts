import { hash128 } from "@holdpoint/checkpoint";
import { currentState, GraphError, isGraphInterrupt, type Runtime } from "@holdpoint/core";
import type { ToolCall } from "@langchain/core/messages/tool";
import { ToolInputParsingException } from "@langchain/core/tools";
import { answerId, CALL_OUTCOMES, type CallOutcome } from "../messages/call-outcome.js";
import type { ClientTool } from "./agent-tool.js";
import { readFailure } from "./failure-note.js";
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
  /** Calls of the message before it that have the same id, or none. */
  readonly repeats: number;
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
  const id = answerId(placed.messageId, call.id, placed.repeats);
  const tool = runner.tools.get(call.name);
  if (placed.malformed !== undefined) return toolMessage(call, id, CALL_OUTCOMES.malformed(call.name, placed.malformed));
  if (tool === undefined) return toolMessage(call, id, CALL_OUTCOMES.unknownTool(call.name, runner.tools.keys()));
  try {
    const parsing = parseArguments(tool, call.args);
    const parsed = parsing instanceof Promise ? await parsing : parsing;
    if (parsed.issues !== undefined) throw invalidArguments(call.name, parsed.issues);
    const output: unknown = await tool.invoke({ ...call, type: "tool_call" } as never, toolRuntime(placed, state, runtime) as never);
    return readResult(call, id, output);
  } catch (thrown) {
    const { error, note } = readFailure(thrown);
    if (mustPass(error, runtime) || runner.handleToolErrors === false) throw error;
    const message = toolMessage(call, id, wordError(runner.handleToolErrors, error, call));
    return note === undefined ? message : note(message);
  }
}

function toolRuntime({ call, messageId, repeats }: PlacedCall, state: unknown, runtime: Runtime | undefined): Partial<ToolRuntime> {
  const threadId = runtime?.configurable.thread_id ?? "";
  return {
    ...runtime,
    config: runtime as Runtime,
    toolCallId: call.id ?? "",
    state: (state ?? currentState() ?? {}) as Record<string, unknown>,
    idempotencyKey: hash128(JSON.stringify([threadId, messageId, call.id ?? "", ...(repeats === 0 ? [] : [repeats])])),
  };
}

/** Errors that say how the graph itself stands: no model can do anything about them. */
const RUNTIME_CODES = new Set(["ABORTED", "INVALID_ANSWER", "MISSING_CHECKPOINTER", "OUTSIDE_RUN", "THREAD_BUSY"]);

function mustPass(error: unknown, runtime: Runtime | undefined): boolean {
  if (isGraphInterrupt(error)) return true;
  if (GraphError.is(error) && RUNTIME_CODES.has(error.code)) return true;
  return isParentCommand(error) || runtime?.signal?.aborted === true;
}

/** A command of a graph inside the tool, on its way to the graph around: ours, or LangGraph's. */
function isParentCommand(error: unknown): boolean {
  try {
    return error instanceof Error && error.name === "ParentCommand";
  } catch {
    // Anything may be thrown, also what cannot be looked at.
    return false;
  }
}

function wordError(handle: HandleToolErrors, error: unknown, call: ToolCall): CallOutcome {
  const worded: unknown = typeof handle === "function" ? handle(error, call) : undefined;
  if (typeof worded === "string") return { status: "error", content: worded };
  return isParsingError(error) ? CALL_OUTCOMES.invalidArguments(error.message) : CALL_OUTCOMES.failed(error);
}

function isParsingError(error: unknown): error is ToolInputParsingException {
  try {
    return error instanceof ToolInputParsingException;
  } catch {
    return false;
  }
}

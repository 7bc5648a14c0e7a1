import { isBranded } from "@holdpoint/checkpoint";

/** What went wrong, as a stable word; the message says it in a sentence, with the remedy. */
export type GraphErrorCode =
  | "ABORTED"
  | "ALREADY_DECIDED"
  | "AMBIGUOUS_RESUME"
  | "AMBIGUOUS_UPDATE"
  | "CHECKPOINT_NOT_FOUND"
  | "CODE_CHANGED"
  | "DUPLICATE_NODE"
  | "EMPTY_INPUT"
  | "GRAPH_RECURSION_LIMIT"
  | "INVALID_ANSWER"
  | "INVALID_CONCURRENT_GRAPH_UPDATE"
  | "INVALID_CONFIG"
  | "INVALID_GRAPH"
  | "INVALID_GRAPH_NODE_RETURN_VALUE"
  | "INVALID_INPUT"
  | "INVALID_OPTIONS"
  | "INVALID_UPDATE"
  | "MISSING_CHECKPOINTER"
  | "MISSING_THREAD_ID"
  | "NODE_TIMEOUT"
  | "NOTHING_TO_RESUME"
  | "NOT_AUTHORIZED"
  | "OUTSIDE_RUN"
  | "RESERVED_NAME"
  | "STATE_MUTATED"
  | "THREAD_BUSY"
  | "UNKNOWN_INTERRUPT"
  | "UNKNOWN_NODE"
  | "UNREACHABLE_NODE";

/** The name of an error is the one that LangGraph, or the platform, has for it, where they have one: it is what a log shows, and what code may ask for. */
const NAMES: Partial<Record<GraphErrorCode, string>> = {
  ABORTED: "AbortError",
  ALREADY_DECIDED: "UnknownInterruptError",
  AMBIGUOUS_RESUME: "UnknownInterruptError",
  AMBIGUOUS_UPDATE: "InvalidUpdateError",
  EMPTY_INPUT: "EmptyInputError",
  GRAPH_RECURSION_LIMIT: "GraphRecursionError",
  INVALID_CONCURRENT_GRAPH_UPDATE: "InvalidUpdateError",
  INVALID_GRAPH_NODE_RETURN_VALUE: "InvalidUpdateError",
  INVALID_UPDATE: "InvalidUpdateError",
  MISSING_CHECKPOINTER: "GraphValueError",
  NODE_TIMEOUT: "NodeTimeoutError",
  NOTHING_TO_RESUME: "UnknownInterruptError",
  UNKNOWN_INTERRUPT: "UnknownInterruptError",
  UNREACHABLE_NODE: "UnreachableNodeError",
};

export interface GraphErrorOptions {
  readonly details?: Record<string, unknown>;
  readonly cause?: unknown;
}

const BRAND = Symbol.for("holdpoint.GraphError");

/**
 * Tells what the runtime refused and how to mend it.
 *
 * `code` is stable; `details` carries the facts that a program needs, by code: `pending` (interrupts that wait) for the codes of
 * resuming, `recorded` (decisions that stand) for `ALREADY_DECIDED`, `issues` (Standard Schema issues) for `INVALID_INPUT` and `INVALID_ANSWER`, `node`, `branch` and `key` for `STATE_MUTATED`.
 */
export class GraphError extends Error {
  readonly code: GraphErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: GraphErrorCode, message: string, options: GraphErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = NAMES[code] ?? "GraphError";
    this.code = code;
    this.details = options.details ?? {};
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** The code, where LangGraph's errors have it. */
  get lc_error_code(): GraphErrorCode {
    return this.code;
  }

  /** Tells whether a value is a GraphError, of this code if one is given; holds across duplicate installs. */
  static is(error: unknown, code?: GraphErrorCode): error is GraphError {
    if (!isBranded(error, BRAND)) return false;
    return code === undefined || (error as unknown as GraphError).code === code;
  }
}

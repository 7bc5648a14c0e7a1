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

  constructor(code: GraphErrorCode, message: string, options: { details?: Record<string, unknown>; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "GraphError";
    this.code = code;
    this.details = options.details ?? {};
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Tells whether a value is a GraphError, of this code if one is given; holds across duplicate installs. */
  static is(error: unknown, code?: GraphErrorCode): error is GraphError {
    if (!isBranded(error, BRAND)) return false;
    return code === undefined || (error as unknown as GraphError).code === code;
  }
}

import { GraphError, type GraphErrorCode, type GraphErrorOptions } from "./errors.js";
import { recogniseBy } from "./recognise-by.js";

// GraphErrors of certain codes, under the names that LangGraph has for them: `error instanceof GraphRecursionError` asks for the code, whoever made
// the error.

const isOneOf =
  (...codes: readonly GraphErrorCode[]) =>
  (value: unknown) =>
    codes.some((code) => GraphError.is(value, code));

/** A run without an input, where there was nothing to go on with. */
export class EmptyInputError extends GraphError {
  constructor(message = "", options?: GraphErrorOptions) {
    super("EMPTY_INPUT", message, options);
  }
}
recogniseBy(EmptyInputError, isOneOf("EMPTY_INPUT"));

/** A run that took its `recursionLimit` of steps and had more to do. */
export class GraphRecursionError extends GraphError {
  constructor(message = "", options?: GraphErrorOptions) {
    super("GRAPH_RECURSION_LIMIT", message, options);
  }
}
recogniseBy(GraphRecursionError, isOneOf("GRAPH_RECURSION_LIMIT"));

/** A call that needs a checkpointer, of a graph without one. */
export class GraphValueError extends GraphError {
  constructor(message = "", options?: GraphErrorOptions) {
    super("MISSING_CHECKPOINTER", message, options);
  }
}
recogniseBy(GraphValueError, isOneOf("MISSING_CHECKPOINTER"));

/** An update that does not fit the state: of a node, of nodes beside each other, or of `updateState`. */
export class InvalidUpdateError extends GraphError {
  constructor(message = "", options?: GraphErrorOptions) {
    super("INVALID_UPDATE", message, options);
  }
}
recogniseBy(
  InvalidUpdateError,
  isOneOf("INVALID_UPDATE", "INVALID_CONCURRENT_GRAPH_UPDATE", "INVALID_GRAPH_NODE_RETURN_VALUE", "AMBIGUOUS_UPDATE"),
);

/** A node that took longer than its `timeout`; `details` holds `node` and `timeout`. */
export class NodeTimeoutError extends GraphError {
  constructor(message = "", options?: GraphErrorOptions) {
    super("NODE_TIMEOUT", message, options);
  }
}
recogniseBy(NodeTimeoutError, isOneOf("NODE_TIMEOUT"));

/** Tells the error of a node that took too long from any other value. */
export const isNodeTimeoutError = (value: unknown): value is NodeTimeoutError => value instanceof NodeTimeoutError;

/** An answer that is not for a question which waits, or not for one alone; `details.pending` lists those that wait. */
export class UnknownInterruptError extends GraphError {
  constructor(message = "", options?: GraphErrorOptions) {
    super("UNKNOWN_INTERRUPT", message, options);
  }
}
recogniseBy(UnknownInterruptError, isOneOf("UNKNOWN_INTERRUPT", "AMBIGUOUS_RESUME", "ALREADY_DECIDED", "NOTHING_TO_RESUME"));

/** Tells the error of an answer that is for no question which waits, or not for one alone, from any other value. */
export const isUnknownInterruptError = (value: unknown): value is UnknownInterruptError => value instanceof UnknownInterruptError;

/**
 * Tells whether an error says that an answer did not fit what was asked for (INVALID_ANSWER): itself, or by its `cause`, up to ten deep. The question
 * still waits and can be answered again.
 */
export function isInvalidResume(error: unknown): boolean {
  let current = error;
  try {
    for (let depth = 0; depth < 10 && typeof current === "object" && current !== null; depth++) {
      if (GraphError.is(current, "INVALID_ANSWER")) return true;
      current = (current as { cause?: unknown }).cause;
    }
  } catch {
    // Anything may be thrown, also what cannot be looked at.
  }
  return false;
}

/** A graph with a node that no way leads to. */
export class UnreachableNodeError extends GraphError {
  constructor(message = "", options?: GraphErrorOptions) {
    super("UNREACHABLE_NODE", message, options);
  }
}
recogniseBy(UnreachableNodeError, isOneOf("UNREACHABLE_NODE"));

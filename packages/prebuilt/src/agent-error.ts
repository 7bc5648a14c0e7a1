import { isBranded } from "@holdpoint/checkpoint";

/** What went wrong, as a stable word; the message says it in a sentence, with the remedy. */
export type AgentErrorCode =
  | "CALLS_WAITING"
  | "DUPLICATE_TOOL"
  | "INVALID_MESSAGES"
  | "INVALID_MODEL"
  | "INVALID_OPTIONS"
  | "INVALID_STATE"
  | "INVALID_TOOL"
  | "MISSING_MODEL_PACKAGE"
  | "MODEL_WITHOUT_TOOLS"
  | "NO_STRUCTURED_RESPONSE"
  | "UNKNOWN_MESSAGE"
  | "UNKNOWN_MODEL"
  | "UNKNOWN_TOOL";

const BRAND = Symbol.for("holdpoint.AgentError");

/**
 * Tells what an agent refused and how to mend it.
 *
 * `code` is stable; `details` carries the facts that a program needs. Answers that a gate refuses are the runtime's: GraphError INVALID_ANSWER.
 */
export class AgentError extends Error {
  readonly code: AgentErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: AgentErrorCode, message: string, options: { details?: Record<string, unknown>; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AgentError";
    this.code = code;
    this.details = options.details ?? {};
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Tells whether a value is an AgentError, of this code if one is given; holds across duplicate installs. */
  static is(error: unknown, code?: AgentErrorCode): error is AgentError {
    if (!isBranded(error, BRAND)) return false;
    return code === undefined || (error as unknown as AgentError).code === code;
  }
}

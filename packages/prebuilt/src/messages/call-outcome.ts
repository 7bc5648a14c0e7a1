import { describeThrown, hashUuid } from "@holdpoint/checkpoint";

/** What became of a tool call that gave no plain result. */
export interface CallOutcome {
  readonly status: "success" | "error";
  readonly content: string;
}

/**
 * How the model is told what became of a call: each says whether something was done, and what it may do next, so that it does not just try
 * the same again.
 */
export const CALL_OUTCOMES = {
  /** Refused by a reviewer, or in nobody's name when its time had run out. */
  refused: (name: string, reason?: string): CallOutcome => ({
    status: "error",
    content: `This call of "${name}" was refused in review. It was not executed, and nothing was done.${reason === undefined ? "" : ` The reason given: ${reason}\n`} Do not make the same call again, unless the user asks for it.`,
  }),
  /** A reviewer spoke in place of the tool. */
  answered: (name: string, text: string): CallOutcome => ({
    status: "success",
    content: `The call of "${name}" was not executed. The reviewer answered in its place: ${text}`,
  }),
  /** A new message came, or the run was given up, before there was a result. It may have been cut off: whether something was done is not known. */
  cancelled: (name: string): CallOutcome => ({
    status: "error",
    content: `The call of "${name}" was cancelled: a new message came before it was approved and had a result. Do not count on it having been done, and make it again only if the conversation still asks for it.`,
  }),
  failed: (error: unknown): CallOutcome => ({
    status: "error",
    content: `Error: ${describeThrown(error).message}\n Please fix your mistakes.`,
  }),
  invalidArguments: (issues: string): CallOutcome => ({
    status: "error",
    content: `Error: ${issues}\n Nothing was done. Call the tool again with arguments that fit.`,
  }),
  malformed: (name: string, why: string): CallOutcome => ({
    status: "error",
    content: `Error: the arguments of this call of "${name}" are not valid JSON (${why}). Nothing was done. Call the tool again with complete, valid arguments.`,
  }),
  unknownTool: (name: string, tools: Iterable<string>): CallOutcome => ({
    status: "error",
    content: `Error: there is no tool "${name}". Nothing was done. The tools are: ${[...tools].join(", ") || "none"}.`,
  }),
} as const;

/** Stands behind the result of a call whose arguments a reviewer changed: the model still sees its own arguments in its call. */
export const editNote = (args: unknown): string =>
  `(The reviewer changed the arguments of this call before approving it. It ran with ${JSON.stringify(args)}. This was intended: do not make the original call again, unless the user asks for it.)`;

/**
 * Id of the tool message that answers a call. It follows from the call: running it twice, or late, gives one message.
 * @param repeats calls of the message before it that have the same id
 */
export const answerId = (messageId: string | undefined, callId: string | undefined, repeats = 0): string =>
  hashUuid(JSON.stringify(["result", messageId ?? "", callId ?? "", ...(repeats === 0 ? [] : [repeats])]));

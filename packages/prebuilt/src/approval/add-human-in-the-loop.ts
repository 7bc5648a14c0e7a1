import type { StandardSchema } from "@holdpoint/core";
import type { StructuredToolInterface } from "@langchain/core/tools";
import { AgentError } from "../agent-error.js";
import { readOptions } from "../read-options.js";
import type { AgentTool, ClientTool, ToolDefinition } from "../tools/agent-tool.js";
import { isClientTool, readTool } from "../tools/read-tools.js";
import type { ToolRuntime } from "../tools/tool-runtime.js";
import { FLAGS } from "./agent-inbox.js";
import type { ApprovalFormat } from "./approval-format.js";
import { GatedTool } from "./gated-tool.js";
import type { HumanInterruptConfig } from "./human-interrupt.js";
import { CHOICES, type Choice } from "./review-request.js";
import { FORMATS } from "./review-schema.js";

type Arguments = Record<string, unknown>;

export interface HumanInTheLoopOptions<Args = Arguments> {
  /**
   * What a reviewer may do; what is not said is not allowed. In Agent Chat UI's words: `allow_accept` is approve, `allow_edit` edit,
   * `allow_respond` respond, `allow_ignore` reject. Default: all, in Agent Inbox's format all but ignore.
   */
  readonly interruptConfig?: HumanInterruptConfig;
  /** How the call is shown. Default: as `createReactAgent({ approvalFormat })` says, else `"agent-inbox"`. */
  readonly format?: ApprovalFormat;
  /** What a reviewer reads. Default "Please review the tool call". */
  readonly description?: string | ((args: Args, runtime: ToolRuntime) => string);
  /** Tells whether a call needs a person: `({ amount }) => amount > 100`. Asked once for each call. Default: every call does. */
  readonly when?: (args: Args, runtime: ToolRuntime) => boolean | Promise<boolean>;
}

/**
 * Puts a person before a tool: each call is shown with `interrupt` and runs as the answer says (seed: "Add interrupts to any tool").
 *
 * Shown is Agent Inbox's list of one `HumanInterrupt`, answered by a list of one `HumanResponse` (or the response alone); or, by `format`,
 * Agent Chat UI's `HITLRequest`, answered by a `HITLResponse`. Answers in either are understood. One of a kind that is not allowed, or
 * with arguments that the tool's schema refuses, is not recorded: the call goes on waiting, and the error (GraphError INVALID_ANSWER) says
 * why. A refused call is never executed; the model is told so.
 * @throws AgentError INVALID_TOOL, INVALID_OPTIONS
 * @example
 * ```ts
 * import { addHumanInTheLoop } from "@holdpoint/prebuilt";
 * import { z } from "zod";
 * const refund = addHumanInTheLoop(
 *   { name: "refund", schema: z.object({ amount: z.number() }), invoke: ({ amount }) => `Refunded ${amount}.` },
 *   { interruptConfig: { allow_accept: true, allow_ignore: true }, when: ({ amount }) => amount > 100 },
 * );
 * ```
 */
export function addHumanInTheLoop<Args>(
  tool: ToolDefinition<Args> & { readonly schema: StandardSchema<unknown, Args> },
  options?: HumanInTheLoopOptions<Args>,
): StructuredToolInterface;
export function addHumanInTheLoop(tool: AgentTool, options?: HumanInTheLoopOptions): StructuredToolInterface;
export function addHumanInTheLoop(tool: AgentTool, options?: HumanInTheLoopOptions<never>): StructuredToolInterface {
  const {
    interruptConfig,
    format,
    description = "Please review the tool call",
    when,
  } = readOptions(
    "addHumanInTheLoop()",
    options as HumanInTheLoopOptions | undefined,
    ["interruptConfig", "format", "description", "when"],
    { interrupt_config: "it is called interruptConfig", ...FLAGS_INSIDE },
  );
  const ready = readTool(tool);
  if (!isClientTool(ready)) {
    throw new AgentError(
      "INVALID_TOOL",
      "A tool that the model's provider runs itself cannot be put behind a gate: its calls do not come by here. Gate a tool that runs here.",
    );
  }
  checkFormat(format);
  checkHooks(ready.name, description, when);
  const allowed = interruptConfig === undefined ? undefined : readConfig(ready.name, interruptConfig);
  return new GatedTool(ready as ClientTool, { allowed, format, description, when }) as unknown as StructuredToolInterface;
}

/** Where Agent Inbox's flags belong. */
const FLAGS_INSIDE = Object.fromEntries(Object.values(FLAGS).map((flag) => [flag, `say it in interruptConfig: { ${flag} }`]));

/** @throws AgentError INVALID_OPTIONS */
export function checkHooks(name: string, description: unknown, when: unknown): void {
  if (when !== undefined && typeof when !== "function")
    throw new AgentError(
      "INVALID_OPTIONS",
      `\`when\` of the gate of "${name}" must be a function, not ${when === null ? "null" : `a ${typeof when}`}.`,
    );
  if (description !== undefined && typeof description !== "string" && typeof description !== "function")
    throw new AgentError("INVALID_OPTIONS", `The description of the gate of "${name}" must be a text or a function.`);
}

/** @throws AgentError INVALID_OPTIONS */
export function checkFormat(format: unknown): void {
  if (format === undefined || (typeof format === "string" && Object.hasOwn(FORMATS, format))) return;
  const known = Object.keys(FORMATS).map((name) => JSON.stringify(name));
  throw new AgentError(
    "INVALID_OPTIONS",
    `There is no approval format ${typeof format === "string" ? JSON.stringify(format) : `that is a ${typeof format}`}. It can be ${known.join(" or ")}.`,
  );
}

function readConfig(name: string, given: HumanInterruptConfig): readonly Choice[] {
  const flags: readonly string[] = Object.values(FLAGS);
  if (typeof given !== "object" || Array.isArray(given))
    throw new AgentError("INVALID_OPTIONS", `interruptConfig of "${name}" must be an object that can hold ${flags.join(", ")}.`);
  for (const [key, value] of Object.entries(given)) {
    if (!flags.includes(key) || (typeof value !== "boolean" && value !== undefined)) {
      throw new AgentError(
        "INVALID_OPTIONS",
        `interruptConfig of "${name}" holds ${key}${typeof value === "string" || value === null ? `: ${JSON.stringify(value)}` : ""}. It can hold ${flags.join(", ")}, each true or false.`,
      );
    }
  }
  const allowed = CHOICES.filter((choice) => given[FLAGS[choice]] === true);
  if (allowed.length > 0) return allowed;
  throw new AgentError(
    "INVALID_OPTIONS",
    `interruptConfig of "${name}" allows nothing, so that its calls would wait for ever. Allow at least one of ${flags.join(", ")}.`,
  );
}

import type { StandardSchema } from "@holdpoint/core";
import type { StructuredToolInterface } from "@langchain/core/tools";
import { AgentError } from "../agent-error.js";
import type { AgentTool, ClientTool, ToolDefinition } from "../tools/agent-tool.js";
import { isClientTool, readTool } from "../tools/read-tools.js";
import type { ToolRuntime } from "../tools/tool-runtime.js";
import { GatedTool } from "./gated-tool.js";
import type { HumanInterruptConfig } from "./human-interrupt.js";

type Arguments = Record<string, unknown>;

export interface HumanInTheLoopOptions<Args = Arguments> {
  /** What a reviewer may do; what is not said is not allowed. Default: accept, edit and respond. */
  readonly interruptConfig?: HumanInterruptConfig;
  /** What a reviewer reads. Default "Please review the tool call". */
  readonly description?: string | ((args: Args, runtime: ToolRuntime) => string);
  /** Tells whether a call needs a person: `({ amount }) => amount > 100`. Asked once for each call. Default: every call does. */
  readonly when?: (args: Args, runtime: ToolRuntime) => boolean | Promise<boolean>;
}

/** The seed's reference implementation; its Python default says nothing of ignore, which is not allowed then. */
const DEFAULT_CONFIG: Required<HumanInterruptConfig> = { allow_accept: true, allow_edit: true, allow_respond: true, allow_ignore: false };

/**
 * Puts a person before a tool: each call is shown with `interrupt` and runs as the answer says (seed: "Add interrupts to any tool").
 *
 * The format is Agent Inbox's: a list of one `HumanInterrupt` out, a list of one `HumanResponse` in (or the response alone). An answer of a
 * kind that is not allowed, or with arguments that the tool's schema refuses, is not recorded: the call goes on waiting, and the error
 * (GraphError INVALID_ANSWER) says why. A refused call is never executed; the model is told so.
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
export function addHumanInTheLoop(tool: AgentTool, options: HumanInTheLoopOptions<never> = {}): StructuredToolInterface {
  const { interruptConfig, description = "Please review the tool call", when } = options as HumanInTheLoopOptions;
  const ready = readTool(tool);
  if (!isClientTool(ready)) {
    throw new AgentError(
      "INVALID_TOOL",
      "A tool that the model's provider runs itself cannot be put behind a gate: its calls do not come by here. Gate a tool that runs here.",
    );
  }
  return new GatedTool(ready as ClientTool, {
    config: readConfig(ready.name, interruptConfig),
    description,
    when,
  }) as unknown as StructuredToolInterface;
}

function readConfig(name: string, given: HumanInterruptConfig | undefined): Required<HumanInterruptConfig> {
  if (given === undefined) return DEFAULT_CONFIG;
  const config = { allow_accept: false, allow_edit: false, allow_respond: false, allow_ignore: false };
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(config, key) || (typeof value !== "boolean" && value !== undefined)) {
      throw new AgentError(
        "INVALID_OPTIONS",
        `interruptConfig of "${name}" holds ${key}: ${JSON.stringify(value)}. It can hold ${Object.keys(config).join(", ")}, each true or false.`,
      );
    }
    config[key as keyof typeof config] = value === true;
  }
  if (!Object.values(config).includes(true)) {
    throw new AgentError(
      "INVALID_OPTIONS",
      `interruptConfig of "${name}" allows nothing, so that its calls would wait for ever. Allow at least one of ${Object.keys(config).join(", ")}.`,
    );
  }
  return config;
}

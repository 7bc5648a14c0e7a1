import { AgentError } from "../agent-error.js";
import type { AgentTool, ClientTool, ServerTool } from "../tools/agent-tool.js";
import { isClientTool } from "../tools/read-tools.js";
import type { ToolRuntime } from "../tools/tool-runtime.js";
import { addHumanInTheLoop, checkFormat, checkHooks } from "./add-human-in-the-loop.js";
import { FLAGS } from "./agent-inbox.js";
import type { ApprovalFormat } from "./approval-format.js";
import { GatedTool } from "./gated-tool.js";
import type { Choice } from "./review-request.js";

// biome-ignore lint/suspicious/noExplicitAny: a policy by name cannot know the tool's arguments; they are parsed by its schema before
type AnyArguments = any;

/** How one tool asks. */
export interface Approval {
  /** What a reviewer may do (`ignore` refuses the call). Default: all; in Agent Inbox's format all but ignore. */
  readonly allow?: readonly Choice[];
  readonly description?: string | ((args: AnyArguments, runtime: ToolRuntime) => string);
  /** Tells whether a call needs a person. Default: every call does. */
  readonly when?: (args: AnyArguments, runtime: ToolRuntime) => boolean | Promise<boolean>;
}

/**
 * Which tools ask a person, by name: true, how, or false for never. "*" is for the tools that are not named, so that `{ "*": true }`
 * with `look_up: false` asks about everything but looking up. Without "*" those do not ask.
 */
export type Approvals = Readonly<Record<string, boolean | Approval>>;

const REST = "*";

/**
 * Puts the tools that a policy names behind gates, and has all gates shown in one format, but those that have one of their own.
 * @throws AgentError UNKNOWN_TOOL for a name that no tool has, INVALID_OPTIONS for a policy that says nothing known
 */
export function applyApprovals(
  tools: readonly (ClientTool | ServerTool)[],
  approvals: Approvals,
  format: ApprovalFormat | undefined,
): AgentTool[] {
  checkFormat(format);
  if (typeof approvals !== "object" || approvals === null || Array.isArray(approvals))
    throw new AgentError("INVALID_OPTIONS", 'approvals must name tools: { refund: true, "*": false }.');
  const names = tools.filter(isClientTool).map(({ name }) => name);
  for (const [name, approval] of Object.entries(approvals)) {
    if (name !== REST && !names.includes(name)) {
      throw new AgentError(
        "UNKNOWN_TOOL",
        `approvals names "${name}", but no tool that runs here has this name, so that nothing would be asked. The tools are: ${names.join(", ") || "none"}.`,
      );
    }
    checkApproval(name, approval);
  }
  return tools.map((tool) => (isClientTool(tool) ? gate(tool, approvals, format) : tool));
}

function gate(tool: ClientTool, approvals: Approvals, format: ApprovalFormat | undefined): AgentTool {
  const named = Object.hasOwn(approvals, tool.name);
  const approval = named ? approvals[tool.name] : approvals[REST];
  if (tool instanceof GatedTool) {
    if (!named) return (format === undefined ? tool : tool.shownIn(format)) as unknown as AgentTool;
    throw new AgentError(
      "INVALID_OPTIONS",
      `"${tool.name}" is behind a gate of its own (addHumanInTheLoop), and approvals names it as well. Say it in one place.`,
    );
  }
  if (approval === undefined || approval === false) return tool;
  const { allow, description, when }: Approval = approval === true ? {} : approval;
  const interruptConfig = allow === undefined ? undefined : Object.fromEntries(allow.map((type) => [FLAGS[type], true]));
  return addHumanInTheLoop(tool, { interruptConfig, format, description, when });
}

const KEYS = ["allow", "description", "when"];

/** A policy with a misspelt word would ask otherwise than was meant. */
function checkApproval(name: string, approval: unknown): void {
  if (typeof approval === "boolean") return;
  if (typeof approval !== "object" || approval === null) throw invalid(name, `is ${approval === null ? "null" : `a ${typeof approval}`}`);
  for (const key of Object.keys(approval)) if (!KEYS.includes(key)) throw invalid(name, `holds "${key}"`);
  const { allow, when, description } = approval as { allow?: unknown; when?: unknown; description?: unknown };
  if (allow !== undefined && !isAllowList(allow)) throw invalid(name, `allows ${describe(allow)}`);
  if (when !== undefined && typeof when !== "function") throw invalid(name, "has a `when` that is no function");
  checkHooks(name, description, undefined);
}

/** What may be in a list of words, as it is; never what cannot be shown. */
const describe = (allow: unknown): string =>
  Array.isArray(allow)
    ? allow.map((one) => (typeof one === "string" ? JSON.stringify(one) : typeof one)).join(", ") || "nothing"
    : `a ${typeof allow}`;

const isAllowList = (allow: unknown): boolean =>
  Array.isArray(allow) && allow.length > 0 && allow.every((type) => typeof type === "string" && Object.hasOwn(FLAGS, type));

const invalid = (name: string, fact: string): AgentError =>
  new AgentError(
    "INVALID_OPTIONS",
    `The approval of "${name}" ${fact}. It can be true, false, or hold ${KEYS.join(", ")}; allow is a list of ${Object.keys(FLAGS).join(", ")}.`,
  );

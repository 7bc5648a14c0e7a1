import { describeUnknownKeys } from "@holdpoint/checkpoint";
import { GraphError } from "../errors.js";
import { CLASS_NAME, isOther } from "./class-name.js";
import { type Send, toSend } from "./send.js";

export interface CommandOptions<Resume = unknown, Update = Record<string, unknown>, Node extends string = string> {
  /** Answer to the pending interrupt (any JSON value, `null`, `false` and `""` included), or a map from interrupt ids to answers. */
  readonly resume?: Resume;
  /** Who answers, kept with the answer: any value that can be saved. */
  readonly by?: unknown;
  /** Why, kept with the answer. */
  readonly reason?: string;
  /** State update, applied with the reducers: an object, or a list of `[key, value]`. */
  readonly update?: Update | [string, unknown][];
  /** Node or `Send`, or a list of them, to run next. */
  readonly goto?: Node | Send<Node> | (Node | Send<Node>)[];
  /** `Command.PARENT`: the command is for the graph around this one. */
  readonly graph?: string;
}

// Those after the first six came with JSON, or from a spread Command, and say nothing.
const KEYS = ["resume", "by", "reason", "update", "goto", "graph", "hasResume", CLASS_NAME, "lc_direct_tool_output"];
const KNOWN: ReadonlySet<string> = new Set(KEYS);

/** An answer, or a way, under a misspelt name would be none. */
function checkOptions(options: unknown): void {
  if (typeof options !== "object" || options === null)
    throw new GraphError("INVALID_OPTIONS", "A Command needs an object that says what to do: new Command({ resume: answer }).");
  for (const key in options) {
    if (KNOWN.has(key)) continue;
    const unknown = describeUnknownKeys(options, KEYS);
    if (unknown !== undefined)
      throw new GraphError("INVALID_OPTIONS", `new Command() does not know ${unknown}. It takes: ${KEYS.slice(0, 6).join(", ")}.`);
  }
}

/**
 * Tells the graph what to do next: returned from a node it updates the state and chooses the next nodes, given to `invoke` or
 * `stream` it answers an interrupt (seed: "Resume using the Command primitive").
 * @example
 * ```ts
 * import { Command } from "@holdpoint/core";
 * const approve = new Command({ resume: true });
 * const route = () => new Command({ goto: "approved_path", update: { decision: "approved" } });
 * ```
 */
export class Command<out Resume = unknown, out Update = Record<string, unknown>, out Node extends string = string> {
  static readonly PARENT = "__parent__";

  readonly resume?: Resume;
  readonly update?: Update | [string, unknown][];
  readonly by?: unknown;
  readonly reason?: string;
  readonly goto: (Node | Send<Node>)[];
  readonly graph?: string;
  /** True when an answer was given, `undefined` apart: `resume: null` is an answer. */
  readonly hasResume: boolean;

  /** @throws GraphError INVALID_OPTIONS */
  constructor(options: CommandOptions<Resume, Update, Node>) {
    checkOptions(options);
    this.hasResume = options.resume !== undefined;
    if (this.hasResume) this.resume = options.resume as Resume;
    if (options.by !== undefined) this.by = options.by;
    if (options.reason !== undefined) this.reason = options.reason;
    if (options.update !== undefined) this.update = options.update;
    this.goto = options.goto === undefined ? [] : Array.isArray(options.goto) ? options.goto : [options.goto];
    if (options.graph !== undefined) this.graph = options.graph;
  }

  /** Plain form, as LangGraph's has it. It is data: no input becomes a `Command` by its keys. */
  toJSON(): Record<string, unknown> {
    const { hasResume: _, ...fields } = this;
    return { [CLASS_NAME]: "Command", ...fields };
  }
}
Object.defineProperty(Command.prototype, CLASS_NAME, { value: "Command" });
// LangChain's tools hand a value with this mark on as it is, instead of making a text of it.
Object.defineProperty(Command.prototype, "lc_direct_tool_output", { value: true });

/** Tells a `Command` from other things that a node may return: one of this package, of another copy of it, or of LangGraph. */
export const isCommand = (value: unknown): value is Command => value instanceof Command || isOther(value, "Command");

/** The command that a value is, as one of this copy of the package; undefined where it is none. */
export function toCommand(value: unknown): Command | undefined {
  if (value instanceof Command) return value;
  if (!isOther(value, "Command")) return undefined;
  const { resume, by, reason, update, goto, graph } = value as unknown as CommandOptions;
  const targets = goto === undefined || Array.isArray(goto) ? goto : [goto];
  return new Command({ resume, by, reason, update, graph, goto: targets?.map((target) => toSend(target) ?? (target as string)) });
}

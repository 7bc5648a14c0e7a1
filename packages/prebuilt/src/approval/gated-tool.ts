import { copyData } from "@holdpoint/checkpoint";
import { currentRuntime, interrupt, type Runtime, task } from "@holdpoint/core";
import type { ToolMessage } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";
import { StructuredTool } from "@langchain/core/tools";
import type { ClientTool, JsonSchema } from "../tools/agent-tool.js";
import { noteOnFailure } from "../tools/failure-note.js";
import { invalidArguments, parseArguments } from "../tools/parse-arguments.js";
import type { ToolRuntime } from "../tools/tool-runtime.js";
import type { ApprovalFormat } from "./approval-format.js";
import type { Review } from "./decide.js";
import { markReview, notRun } from "./mark-review.js";
import { placeOfCall, textOf } from "./place-of-call.js";
import { argumentSchema, type Choice, type ReviewRequest } from "./review-request.js";
import { FORMATS, reviewSchema } from "./review-schema.js";
import { shownArguments } from "./shown-arguments.js";
import { showsCall } from "./shows-call.js";

type Arguments = Record<string, unknown>;

/** When and how a gate asks. */
export interface Gate {
  /** What a reviewer may do; undefined: what the format allows by default. */
  readonly allowed: readonly Choice[] | undefined;
  /** How it is shown; undefined: as the agent says, or in Agent Inbox's format. */
  readonly format: ApprovalFormat | undefined;
  readonly description: string | ((args: Arguments, runtime: ToolRuntime) => string);
  /** Tells whether this call needs a person; undefined: every call does. */
  readonly when: ((args: Arguments, runtime: ToolRuntime) => boolean | Promise<boolean>) | undefined;
}

/** A tool behind a gate: it asks, and runs the tool inside only as it was decided. */
export class GatedTool extends StructuredTool<JsonSchema> {
  static override lc_name(): string {
    return "GatedTool";
  }

  readonly name: string;
  readonly description: string;
  readonly schema: JsonSchema;
  /** The tool inside. */
  readonly tool: ClientTool;
  readonly validator: unknown;
  readonly #gate: Gate;

  constructor(tool: ClientTool, gate: Gate) {
    super({});
    const {
      name,
      description = "",
      schema,
      returnDirect = false,
      extras,
      validator,
    } = tool as ClientTool & {
      returnDirect?: boolean;
      extras?: Record<string, unknown>;
      validator?: unknown;
    };
    this.name = name;
    this.description = description;
    this.schema = schema as JsonSchema;
    this.returnDirect = returnDirect;
    if (extras !== undefined) this.extras = extras;
    this.validator = validator;
    this.tool = tool;
    this.#gate = gate;
  }

  override async invoke(input: unknown, config?: unknown): Promise<never> {
    const call = isToolCall(input) ? input : undefined;
    const runtime = (config ?? {}) as ToolRuntime;
    const proposed = (call === undefined ? input : call.args) as Arguments;
    const place = placeOfCall(this.name, call, proposed);
    // A call that the tool would refuse anyway goes back to the model; nobody is asked about it.
    const parsed = await parseArguments(this.tool, copyData(proposed));
    if (parsed.issues !== undefined) throw invalidArguments(this.name, parsed.issues);
    const args = await this.#shown(proposed, parsed.value, place);
    // What a tool does to its arguments must not show in the record of what was approved.
    const run = (decided: Arguments): Promise<unknown> => {
      const own = copyData(decided);
      return this.tool.invoke((call === undefined ? own : { ...call, args: own, type: "tool_call" }) as never, config as never);
    };
    if (!(await this.#mustAsk(args, runtime, place, 0))) return (await run(args)) as never;
    const review = await this.#review(args, runtime, place);
    if (review.kind !== "accept" && review.kind !== "edit") return notRun(this.name, review, args, call) as never;
    try {
      return markReview(await run(review.kind === "edit" ? review.args : args), review, args, call) as never;
    } catch (error) {
      throw noteOnFailure(error, (message) => markReview(message, review, args, call) as ToolMessage);
    }
  }

  /** The same gate for an agent whose gates are shown in this format, unless it has a format of its own. */
  shownIn(format: ApprovalFormat): GatedTool {
    return this.#gate.format === undefined ? new GatedTool(this.tool, { ...this.#gate, format }) : this;
  }

  /** Made once and saved: a default such as a new id or the time of day must be, when the call runs, what the reviewer has seen. */
  async #shown(proposed: Arguments, parsed: unknown, place: string): Promise<Arguments> {
    const args = await shownArguments(this.tool, proposed, parsed);
    if (args === proposed || currentRuntime() === undefined) return args;
    return task({ name: `${this.name}_shown`, key: () => place, hidden: true }, () => args)();
  }

  /** Asks, and asks again about an edit for which `when` demands it, until what is to run is what was shown. */
  async #review(proposed: Arguments, runtime: ToolRuntime, place: string): Promise<Review> {
    const { when } = this.#gate;
    let edited: Arguments | undefined;
    for (let round = 1; ; round++) {
      const review = this.#ask(edited ?? proposed, runtime);
      if (review.kind === "accept") return edited === undefined ? review : { kind: "edit", args: edited };
      if (review.kind !== "edit") return review;
      edited = review.args;
      if (when === undefined || !(await this.#mustAsk(edited, runtime, place, round))) return review;
    }
  }

  #ask(args: Arguments, runtime: ToolRuntime): Review {
    const { allowed, description, format = "agent-inbox" } = this.#gate;
    const wire = FORMATS[format];
    const request: ReviewRequest = {
      tool: this.name,
      args,
      description: typeof description === "function" ? description(copyData(args), runtime) : description,
      allowed: allowed ?? wire.allowedByDefault,
      argsSchema: argumentSchema(this.tool),
    };
    // Where the async context was lost, the runtime still knows the task.
    const ask: Runtime["interrupt"] =
      currentRuntime() === undefined && typeof runtime.interrupt === "function" ? runtime.interrupt : interrupt;
    const unchanged = (shown: unknown): boolean => showsCall(shown, this.name, args);
    return ask<Review>(wire.show(request), { schema: reviewSchema(this.tool, request, wire), unchanged });
  }

  /** Decided once and saved: a condition that has changed while a person was asked must not open the gate. */
  async #mustAsk(args: Arguments, runtime: ToolRuntime, place: string, round: number): Promise<boolean> {
    const { when } = this.#gate;
    if (when === undefined) return true;
    const ask = async () => (await when(copyData(args), runtime)) !== false;
    if (currentRuntime() === undefined) return ask();
    return task({ name: `${this.name}_when`, key: () => `${place} ${round} ${textOf(args)}`, hidden: true }, ask)();
  }

  protected override async _call(args: unknown): Promise<never> {
    return this.invoke(args);
  }
}

const isToolCall = (input: unknown): input is ToolCall =>
  typeof input === "object" && input !== null && (input as { type?: unknown }).type === "tool_call" && "args" in input;

import { Command, currentRuntime, interrupt, type Runtime, task } from "@holdpoint/core";
import { isBaseMessage, ToolMessage } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";
import { StructuredTool } from "@langchain/core/tools";
import { withFields } from "../messages/with-fields.js";
import type { ClientTool, JsonSchema } from "../tools/agent-tool.js";
import { invalidArguments, parseArguments } from "../tools/parse-arguments.js";
import type { ToolRuntime } from "../tools/tool-runtime.js";
import type { HumanInterrupt, HumanInterruptConfig } from "./human-interrupt.js";
import { type Review, reviewSchema } from "./review-schema.js";
import { shownArguments } from "./shown-arguments.js";

type Arguments = Record<string, unknown>;

/** When and how a gate asks. */
export interface Gate {
  readonly config: Required<HumanInterruptConfig>;
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
    // A call that the tool would refuse anyway goes back to the model; nobody is asked about it.
    const parsed = await parseArguments(this.tool, proposed);
    if (parsed.issues !== undefined) throw invalidArguments(this.name, parsed.issues);
    const args = await shownArguments(this.tool, proposed, parsed.value);
    const run = (decided: Arguments) =>
      this.tool.invoke((call === undefined ? decided : { ...call, args: decided, type: "tool_call" }) as never, config as never);
    if (!(await this.#mustAsk(args, runtime, call))) return (await run(args)) as never;
    const review = this.#ask(args, runtime);
    if (review.kind === "accept") return mark(await run(args), review, args) as never;
    if (review.kind === "edit") return mark(await run(review.args), review, args) as never;
    return notRun(this.name, review, args, call) as never;
  }

  #ask(args: Arguments, runtime: ToolRuntime): Review {
    const { config, description } = this.#gate;
    const request: HumanInterrupt = {
      action_request: { action: this.name, args },
      config,
      description: typeof description === "function" ? description(args, runtime) : description,
    };
    // Where the async context was lost, the runtime still knows the task.
    const ask: Runtime["interrupt"] =
      currentRuntime() === undefined && typeof runtime.interrupt === "function" ? runtime.interrupt : interrupt;
    return ask<Review>([request], { schema: reviewSchema(this.tool, request) });
  }

  /** Decided once and saved: a condition that has changed while a person was asked must not open the gate. */
  async #mustAsk(args: Arguments, runtime: ToolRuntime, call: ToolCall | undefined): Promise<boolean> {
    const { when } = this.#gate;
    if (when === undefined) return true;
    if (currentRuntime() === undefined) return (await when(args, runtime)) !== false;
    const decide = task(
      { name: `${this.name}_when`, key: () => call?.id ?? this.name, hidden: true },
      async () => (await when(args, runtime)) !== false,
    );
    return decide();
  }

  protected override async _call(args: unknown): Promise<never> {
    return this.invoke(args);
  }
}

const isToolCall = (input: unknown): input is ToolCall =>
  typeof input === "object" && input !== null && (input as { type?: unknown }).type === "tool_call" && "args" in input;

/** Notes on the tool message what was decided; of an edit the model is told. */
function mark(result: unknown, review: Review, proposed: Arguments): unknown {
  if (result instanceof Command || !isBaseMessage(result) || !ToolMessage.isInstance(result)) return result;
  const metadata = { ...result.metadata, review: review.kind === "edit" ? { ...review, proposed } : { ...review, args: proposed } };
  if (review.kind !== "edit") return withFields(result, { metadata });
  const note = `(The user changed the arguments of this call before approving it: ${JSON.stringify(review.args)})`;
  const content = typeof result.content === "string" ? `${result.content}\n\n${note}` : [...result.content, { type: "text", text: note }];
  return withFields(result, { metadata, content });
}

function notRun(name: string, review: Exclude<Review, { kind: "accept" | "edit" }>, args: Arguments, call: ToolCall | undefined): unknown {
  const content =
    review.kind === "response"
      ? `The call of "${name}" was not executed. The user answered instead: ${review.text}`
      : `The user refused this call of "${name}". It was not executed, and nothing was done. Do not make the same call again, unless the user asks for it.`;
  if (call === undefined) return content;
  const status = review.kind === "response" ? "success" : "error";
  return new ToolMessage({ content, status, name, tool_call_id: call.id ?? "", metadata: { review: { ...review, args } } });
}

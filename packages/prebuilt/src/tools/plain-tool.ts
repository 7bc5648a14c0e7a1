import type { StandardSchema } from "@holdpoint/core";
import type { CallbackManagerForToolRun } from "@langchain/core/callbacks/manager";
import { patchConfig, type RunnableConfig } from "@langchain/core/runnables";
import { StructuredTool } from "@langchain/core/tools";
import type { JsonSchema } from "./agent-tool.js";
import { invalidArguments } from "./parse-arguments.js";
import type { ToolRuntime } from "./tool-runtime.js";

export interface PlainToolFields {
  readonly name: string;
  readonly description: string;
  /** What the model is shown, and what LangChain checks. */
  readonly schema: unknown;
  /** What parses the arguments, where LangChain cannot. */
  readonly validator: StandardSchema | undefined;
  readonly returnDirect: boolean;
  readonly responseFormat: "content" | "content_and_artifact";
  readonly run: (args: never, runtime: ToolRuntime) => unknown;
}

/** A plain function as a LangChain tool: it is bound, traced and run like any other. */
export class PlainTool extends StructuredTool<JsonSchema> {
  static override lc_name(): string {
    return "PlainTool";
  }

  readonly name: string;
  readonly description: string;
  readonly schema: JsonSchema;
  readonly validator: StandardSchema | undefined;
  readonly #run: PlainToolFields["run"];

  constructor(fields: PlainToolFields) {
    super({ responseFormat: fields.responseFormat });
    this.name = fields.name;
    this.description = fields.description;
    this.schema = fields.schema as JsonSchema;
    this.validator = fields.validator;
    this.returnDirect = fields.returnDirect;
    this.#run = fields.run;
  }

  protected override async _call(args: unknown, runManager?: CallbackManagerForToolRun, config?: RunnableConfig): Promise<unknown> {
    const parsed = this.validator === undefined ? args : await this.#parse(this.validator, args);
    return this.#run(parsed as never, patchConfig(config, { callbacks: runManager?.getChild() }) as unknown as ToolRuntime);
  }

  async #parse(validator: StandardSchema, args: unknown): Promise<unknown> {
    const result = await validator["~standard"].validate(args);
    if (result.issues !== undefined) throw invalidArguments(this.name, result.issues);
    return result.value;
  }
}

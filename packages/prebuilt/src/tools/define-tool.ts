import type { StandardSchema } from "@holdpoint/core";
import type { ToolDefinition } from "./agent-tool.js";

/**
 * Gives a tool's function the types of its schema. The tool itself stays as it is.
 * @example
 * ```ts
 * import { defineTool } from "@holdpoint/prebuilt";
 * import { z } from "zod";
 * const charge = defineTool({
 *   name: "charge",
 *   description: "Charge the guest's card",
 *   schema: z.object({ cents: z.number().int().positive() }),
 *   invoke: ({ cents }, { idempotencyKey }) => `Charged ${cents} under ${idempotencyKey}.`,
 * });
 * ```
 */
export const defineTool = <Args>(tool: ToolDefinition<Args> & { readonly schema: StandardSchema<unknown, Args> }): ToolDefinition<Args> =>
  tool;

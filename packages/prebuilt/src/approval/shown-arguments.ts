import { isDeepStrictEqual } from "node:util";
import { copyData } from "@holdpoint/checkpoint";
import type { ClientTool } from "../tools/agent-tool.js";
import { parseArguments } from "../tools/parse-arguments.js";

type Arguments = Record<string, unknown>;

/**
 * Gives the arguments as a reviewer sees them and as the tool will get them: as the schema makes them, with its defaults, where that is
 * plain data that the schema takes again as it is; otherwise as the model gave them.
 */
export async function shownArguments(tool: ClientTool, proposed: Arguments, parsed: unknown): Promise<Arguments> {
  if (isDeepStrictEqual(parsed, proposed) || !isPlainData(parsed)) return proposed;
  const again = await parseArguments(tool, copyData(parsed));
  return again.issues === undefined && isDeepStrictEqual(again.value, parsed) ? (parsed as Arguments) : proposed;
}

function isPlainData(value: unknown): boolean {
  if (typeof value !== "object" || value === null)
    return value !== undefined && typeof value !== "function" && typeof value !== "bigint" && typeof value !== "symbol";
  if (Array.isArray(value)) return value.every(isPlainData);
  return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isPlainData);
}

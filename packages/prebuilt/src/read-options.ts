import { describeUnknownKeys } from "@holdpoint/checkpoint";
import { AgentError } from "./agent-error.js";

/**
 * Checks the keys of options that may come from plain JavaScript: a misspelt one is an approval that is not asked for.
 * @returns the options without those that are `null`, which counts as not given
 * @throws AgentError INVALID_OPTIONS
 */
export function readOptions<Options extends object>(
  where: string,
  given: Options | null | undefined,
  known: readonly string[],
  elsewhere?: Readonly<Record<string, string>>,
): Options {
  if (given === undefined || given === null) return {} as Options;
  if (typeof given !== "object" || Array.isArray(given))
    throw new AgentError(
      "INVALID_OPTIONS",
      `The options of ${where} must be an object, not ${Array.isArray(given) ? "a list" : `a ${typeof given}`}.`,
    );
  const unknown = describeUnknownKeys(given, known, elsewhere);
  if (unknown !== undefined)
    throw new AgentError("INVALID_OPTIONS", `${where} does not know the option ${unknown}. It takes: ${known.join(", ")}.`);
  if (!Object.values(given).includes(null)) return given;
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)) as Options;
}

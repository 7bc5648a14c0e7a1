import { describeUnknownKeys } from "@holdpoint/checkpoint";
import { GraphError } from "./errors.js";

/** What a value must be, and in which words: `["a function", isFunction]`. */
export type Kind = readonly [words: string, is: (value: unknown) => boolean];

export const FUNCTION: Kind = ["a function", (value) => typeof value === "function"];
export const BOOLEAN: Kind = ["true or false", (value) => typeof value === "boolean"];
export const TEXT: Kind = ["a text that is not empty", (value) => typeof value === "string" && value !== ""];
export const OBJECT: Kind = ["an object", (value) => typeof value === "object" && value !== null && !Array.isArray(value)];
export const ANYTHING: Kind = ["anything", () => true];
export const MILLISECONDS: Kind = ["milliseconds, 0 or more", (value) => typeof value === "number" && value >= 0];
export const AMOUNT: Kind = ["a number, 0 or more", (value) => typeof value === "number" && value >= 0];
export const NAMES: Kind = ["a list of names", (value) => Array.isArray(value) && value.every((name) => typeof name === "string")];
export const STOPS: Kind = ['a list of nodes, or "*"', (value) => value === "*" || NAMES[1](value)];
export const oneOf = (...words: readonly string[]): Kind => [
  words.map((word) => JSON.stringify(word)).join(" or "),
  (value) => words.includes(value as string),
];

/**
 * Checks options that may come from plain JavaScript: an option that nobody reads, or that is of another kind than it must be, is an error.
 * @param where what takes them, as a message names it: `compile()`
 * @param kinds what may be given; `null` counts as not given
 * @param elsewhere what LangGraph takes and this does not, with what to do instead
 * @returns the options without those that are `null`
 * @throws GraphError INVALID_OPTIONS
 */
export function readOptions<Options extends object>(
  where: string,
  given: Options | null | undefined,
  kinds: Readonly<Record<string, Kind>>,
  elsewhere?: Readonly<Record<string, string>>,
): Options {
  if (given === undefined || given === null) return {} as Options;
  if (!OBJECT[1](given)) throw invalid(`The options of ${where} must be an object, not ${kindOf(given)}.`);
  const known = Object.keys(kinds);
  const unknown = describeUnknownKeys(given, known, elsewhere);
  if (unknown !== undefined) throw invalid(`${where} does not know the option ${unknown}. It takes: ${known.join(", ")}.`);
  let read = given as Record<string, unknown>;
  for (const key of known) {
    const value = read[key];
    if (value === undefined) continue;
    const [words, is] = kinds[key] as Kind;
    if (value === null) read = { ...read, [key]: undefined };
    else if (!is(value)) throw invalid(`The option ${key} of ${where} must be ${words}, not ${kindOf(value)}.`);
  }
  return read as Options;
}

/** What a value is, without telling what it holds; texts and numbers apart, which are often a slip of the pen. */
export function kindOf(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (value === null || typeof value === "number" || typeof value === "boolean" || value === undefined) return String(value);
  return Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}

const invalid = (message: string): GraphError => new GraphError("INVALID_OPTIONS", message);

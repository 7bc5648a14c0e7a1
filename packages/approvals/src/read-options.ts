import { describeUnknownKeys } from "@holdpoint/checkpoint";
import { ApprovalError } from "./approval-error.js";

/**
 * Checks the keys of options that may come from plain JavaScript: what is asked for under a misspelt name is not done, or done to everything.
 * @returns the options without those that are `null`, which counts as not given
 * @throws ApprovalError INVALID_OPTIONS
 */
export function readOptions<Options extends object>(where: string, given: Options | null | undefined, known: readonly string[]): Options {
  if (given === undefined || given === null) return {} as Options;
  if (typeof given !== "object" || Array.isArray(given))
    throw new ApprovalError(
      "INVALID_OPTIONS",
      `The options of ${where} must be an object, not ${Array.isArray(given) ? "a list" : `a ${typeof given}`}.`,
    );
  const unknown = describeUnknownKeys(given, known);
  if (unknown !== undefined) throw new ApprovalError("INVALID_OPTIONS", `${where} does not know ${unknown}. It takes ${known.join(", ")}.`);
  if (!Object.values(given).includes(null)) return given;
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)) as Options;
}

/** @throws ApprovalError INVALID_OPTIONS */
export function checkFunction(where: string, value: unknown): void {
  if (value !== undefined && typeof value !== "function") throw new ApprovalError("INVALID_OPTIONS", `${where} must be a function.`);
}

/** @throws ApprovalError INVALID_OPTIONS */
export function checkIterable(where: string, given: unknown): void {
  const is =
    typeof given === "string" ||
    (typeof given === "object" && given !== null && (Symbol.asyncIterator in given || Symbol.iterator in given));
  if (!is) throw new ApprovalError("INVALID_OPTIONS", `${where} must be given something to read, such as lines or entries.`);
}

/** @throws ApprovalError INVALID_OPTIONS */
export function checkLimit(where: string, limit: unknown): void {
  if (limit !== undefined && (typeof limit !== "number" || Number.isNaN(limit)))
    throw new ApprovalError("INVALID_OPTIONS", `limit of ${where} must be a number.`);
}

/** Refuses what is no saver at all, before anything is asked of it. @throws ApprovalError INVALID_OPTIONS */
export function checkSaver(where: string, saver: unknown): void {
  if (typeof saver === "object" && saver !== null && typeof (saver as { getTuple?: unknown }).getTuple === "function") return;
  throw new ApprovalError(
    "INVALID_OPTIONS",
    `${where} needs a saver, such as SqliteSaver or MemorySaver, not ${saver === null ? "null" : `a ${typeof saver}`}.`,
  );
}

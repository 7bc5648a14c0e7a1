import { isDeepStrictEqual } from "node:util";
import { readFormat, type ShownFormat } from "../rules/read-format.js";

type Plain = Readonly<Record<string, unknown>>;
const isPlain = (value: unknown): value is Plain => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Brings answers that say the same into one form, in which they are compared: a response alone and a list of it; an accept with the
 * unchanged request, as Agent Inbox sends it, and one without. What differs in what would run stays different.
 */
export function canonicalAnswer(answer: unknown, shown: unknown): unknown {
  const format = readFormat(shown);
  if (format.kind !== "inbox") return answer;
  const list: readonly unknown[] = Array.isArray(answer) ? answer : [answer];
  return list.map((response, index) => withoutUnchanged(response, format, index));
}

function withoutUnchanged(response: unknown, { actions }: ShownFormat, index: number): unknown {
  if (!isPlain(response)) return response;
  const { args, ...rest } = response;
  if (args === undefined || args === null) return rest;
  const action = actions[index];
  const same = response.type === "accept" && isPlain(args) && isDeepStrictEqual(args, { action: action?.name, args: action?.args });
  return same ? rest : response;
}

/** Tells whether two answers count together. The order of keys does not matter; everything else does. */
export const isSameAnswer = (one: unknown, other: unknown, shown: unknown): boolean =>
  isDeepStrictEqual(canonicalAnswer(one, shown), canonicalAnswer(other, shown));

/** Tells rejections from other answers: `false`, `"reject"`, and answers of a known format in which nothing is let through. */
export function isRejection(answer: unknown): boolean {
  if (answer === false || answer === "reject") return true;
  if (isPlain(answer) && Array.isArray(answer.decisions)) return all(answer.decisions, "reject");
  return all(Array.isArray(answer) ? answer : [answer], "ignore");
}

const all = (list: readonly unknown[], type: string): boolean => list.length > 0 && list.every((one) => isPlain(one) && one.type === type);

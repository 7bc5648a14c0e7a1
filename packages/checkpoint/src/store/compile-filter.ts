import { CheckpointError } from "../checkpoint-error.js";
import { isPlainObject } from "../patch/plain.js";
import { isEqual } from "../record/is-equal.js";

/** Tells whether a document's value meets a filter. */
export type ItemMatcher = (value: Readonly<Record<string, unknown>>) => boolean;

type Test = (value: unknown) => boolean;

/**
 * Reads a filter: see `filter` of a search.
 *
 * Values are equal by content, as they come back from the store: dates, maps and the like as well as lists and objects. `$ne` and `$nin` are the
 * opposite of `$eq` and `$in`: a document without the field meets them. `$gt` and the like compare numbers (and bigints), texts (by their UTF-16
 * code units) or dates with their like; anything else is neither greater nor less.
 *
 * @throws CheckpointError INVALID_ARGUMENT: what could be meant otherwise than it would be taken, such as undefined, an unknown operator, or an order
 *   of things that have none
 */
export function compileFilter(filter: unknown): ItemMatcher {
  if (!isPlainObject(filter)) throw invalid("A filter must be an object of conditions by field.");
  const tests = Object.keys(filter).map((field): [string, Test] => [field, compileCondition(filter[field])]);
  return (value) => tests.every(([field, test]) => test(Object.hasOwn(value, field) ? value[field] : undefined));
}

function compileCondition(condition: unknown): Test {
  if (!isPlainObject(condition) || !Object.keys(condition).some(isOperator)) return equals(condition);
  const tests = Object.keys(condition).map((name) => compileOperator(name, condition[name]));
  return (value) => tests.every((test) => test(value));
}

function isOperator(name: string): boolean {
  return name.startsWith("$");
}

function compileOperator(name: string, operand: unknown): Test {
  switch (name) {
    case "$eq":
      return equals(operand);
    case "$ne":
      return not(equals(operand));
    case "$in":
      return isOneOf(operand, name);
    case "$nin":
      return not(isOneOf(operand, name));
    case "$gt":
      return inOrder(operand, name, (order) => order > 0);
    case "$gte":
      return inOrder(operand, name, (order) => order >= 0);
    case "$lt":
      return inOrder(operand, name, (order) => order < 0);
    case "$lte":
      return inOrder(operand, name, (order) => order <= 0);
    default:
      throw invalid(
        `A filter has ${isOperator(name) ? "an operator that is unknown" : "a field beside operators"}. There are ${OPERATORS.join(", ")}; an object that has such keys itself is compared with { $eq: object }.`,
      );
  }
}

const OPERATORS = ["$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin"];

function not(test: Test): Test {
  return (value) => !test(value);
}

function equals(operand: unknown): Test {
  // Left out, the condition would be met by every document: not what somebody meant whose variable is not set.
  if (operand === undefined) throw invalid("A filter compares with undefined. Leave the condition out, or compare with null.");
  return (value) => isEqual(value, operand);
}

function isOneOf(operand: unknown, name: string): Test {
  if (!Array.isArray(operand)) throw invalid(`${name} in a filter must be given a list.`);
  const tests = operand.map(equals);
  return (value) => tests.some((test) => test(value));
}

function inOrder(operand: unknown, name: string, holds: (order: number) => boolean): Test {
  if (compare(operand, operand) !== 0) throw invalid(`${name} in a filter must be given a number, a text or a date.`);
  return (value) => {
    const order = compare(value, operand);
    return order !== undefined && holds(order);
  };
}

/** Below 0, 0 or above 0; undefined if the two have no order. */
function compare(a: unknown, b: unknown): number | undefined {
  const [left, right] = [orderedPart(a), orderedPart(b)];
  if (left === undefined || right === undefined || left.kind !== right.kind) return undefined;
  return left.value < right.value ? -1 : left.value > right.value ? 1 : 0;
}

function orderedPart(value: unknown): { readonly kind: string; readonly value: string | number | bigint } | undefined {
  if (typeof value === "string") return { kind: "text", value };
  if (typeof value === "bigint" || (typeof value === "number" && !Number.isNaN(value))) return { kind: "number", value };
  if (value instanceof Date && !Number.isNaN(value.getTime())) return { kind: "date", value: value.getTime() };
  return undefined;
}

function invalid(message: string): CheckpointError {
  return new CheckpointError("INVALID_ARGUMENT", message);
}

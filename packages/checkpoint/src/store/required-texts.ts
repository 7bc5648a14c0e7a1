import { isPlainObject } from "../patch/plain.js";

/** With these, saved data begins whose top level is not a plain JSON object; no text needs to occur in it. */
export const TAGGED_START = '{"~hp":';

/**
 * Texts that occur in the data of every document that meets a filter, as the default serializer writes it: what a database can look for, so that
 * only documents which may match are read. Only for conditions of equality with texts, numbers, booleans and null, which have one way to be written.
 */
export function requiredTexts(filter: Readonly<Record<string, unknown>> | undefined): string[] {
  return Object.entries(filter ?? {}).flatMap(([field, condition]) => {
    const operand = isPlainObject(condition) && Object.hasOwn(condition, "$eq") ? condition.$eq : condition;
    return hasOneForm(operand) ? [`${JSON.stringify(field)}:${JSON.stringify(operand)}`] : [];
  });
}

function hasOneForm(operand: unknown): boolean {
  // Two zeros are equal, and only one of them is written as a number.
  if (typeof operand === "number") return Number.isFinite(operand) && operand !== 0;
  return operand === null || typeof operand === "string" || typeof operand === "boolean";
}

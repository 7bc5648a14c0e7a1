import { CheckpointError } from "../checkpoint-error.js";

/**
 * Checks and copies a namespace.
 * @throws CheckpointError INVALID_NAMESPACE unless it is a list of at least one label, each a text that is not empty
 */
export function requireNamespace(namespace: unknown): readonly string[] {
  const labels = requireLabels(namespace, "A namespace");
  if (labels.length > 0) return labels;
  throw invalid(`A namespace is an empty list. Give it at least one label, such as ["users", id].`);
}

/**
 * Checks and copies labels that may be none.
 * @param what what they are, for the message; which never shows the labels: they may name people
 * @throws CheckpointError INVALID_NAMESPACE
 */
export function requireLabels(labels: unknown, what: string): readonly string[] {
  if (!Array.isArray(labels)) throw invalid(`${what} must be a list of texts, such as ["users", id], and is ${describe(labels)}.`);
  return Array.from(labels as readonly unknown[], (label, at) => {
    if (typeof label === "string" && label !== "") return label;
    const fact = label === "" ? "an empty text" : describe(label);
    throw invalid(`${what} has ${fact} for label ${at + 1}. Each label must be a text that is not empty.`);
  });
}

function describe(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "a list" : `of type ${typeof value}`;
}

function invalid(message: string): CheckpointError {
  return new CheckpointError("INVALID_NAMESPACE", message);
}

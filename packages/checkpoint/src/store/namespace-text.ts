import { CheckpointError } from "../checkpoint-error.js";

/**
 * Writes a namespace as one text: `["a", "b"]` is `"a","b",`. Any label can be written; no two namespaces give the same text; and one namespace begins
 * with the labels of another exactly if its text begins with the other's. A label is written as JSON, which any database can keep: without NUL
 * and lone surrogates.
 */
export function toNamespaceText(labels: readonly string[]): string {
  return labels.map((label) => `${JSON.stringify(label)},`).join("");
}

/**
 * Undoes {@link toNamespaceText}.
 * @throws CheckpointError CORRUPT_DATA if the text did not come from there
 */
export function fromNamespaceText(text: string): string[] {
  try {
    return JSON.parse(`[${text.slice(0, -1)}]`) as string[];
  } catch (cause) {
    throw new CheckpointError("CORRUPT_DATA", "Saved data is damaged: the namespace of a document cannot be read.", { cause });
  }
}

/** The first text, in the order of bytes, behind those of all namespaces that begin with these labels. */
export function afterNamespaceText(labels: readonly string[]): string {
  // The characters that come right after the quotation mark and the comma.
  return labels.length === 0 ? "#" : `${toNamespaceText(labels).slice(0, -1)}-`;
}

/**
 * Writes a namespace as one text: `["a", "b"]` is `"a","b",`. Any label can be written; no two namespaces give the same text; and one namespace begins
 * with the labels of another exactly if its text begins with the other's. A label is written as JSON, which any database can keep: without NUL
 * and lone surrogates.
 */
export function toNamespaceText(labels: readonly string[]): string {
  return labels.map((label) => `${JSON.stringify(label)},`).join("");
}

/** Undoes {@link toNamespaceText}. */
export function fromNamespaceText(text: string): string[] {
  return JSON.parse(`[${text.slice(0, -1)}]`) as string[];
}

/**
 * Gives the first text, in the order of bytes, behind those of all namespaces that begin with these labels; undefined if there is none, because every
 * namespace does.
 */
export function afterNamespaceText(labels: readonly string[]): string | undefined {
  // "-" comes right after the comma.
  return labels.length === 0 ? undefined : `${toNamespaceText(labels).slice(0, -1)}-`;
}

import { readFormat } from "../rules/read-format.js";

/** The answer that denies a question, or nothing where its format allows none. */
export type Denial = { readonly kind: "answer"; readonly value: unknown } | { readonly kind: "none"; readonly allowed: readonly string[] };

/**
 * Makes the answer that denies a question. A tool call is ignored (`ignore`, `reject`), or answered in place of its result where it cannot be
 * ignored; a question whose format is not known is answered with `false`.
 */
export function denialOf(shown: unknown, words: string): Denial {
  const { kind, actions } = readFormat(shown);
  if (kind === "plain") return { kind: "answer", value: false };
  const inPlaceOfResult = `${words} The call was not executed: do not try it again.`;
  const answers = actions.map(({ allowed }) => {
    if (allowed.includes("reject")) return { type: "reject", message: words };
    if (allowed.includes("respond")) return { type: "respond", message: inPlaceOfResult };
    if (allowed.includes("ignore")) return { type: "ignore" };
    return allowed.includes("response") ? { type: "response", args: inPlaceOfResult } : undefined;
  });
  if (answers.includes(undefined)) return { kind: "none", allowed: [...new Set(actions.flatMap(({ allowed }) => allowed))] };
  return { kind: "answer", value: kind === "chat" ? { decisions: answers } : answers };
}

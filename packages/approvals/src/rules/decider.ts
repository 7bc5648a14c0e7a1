import type { Decider } from "./rule.js";

/** Who a deadline's answers are recorded as. Nobody else can go by this name. */
export const DEADLINE = "deadline";

/** Reads the `by` of a Command: a text is an id. Undefined where it names nobody. */
export function readDecider(by: unknown): Decider | undefined {
  if (typeof by === "string") return by === "" ? undefined : { id: by };
  if (typeof by !== "object" || by === null) return undefined;
  const { id } = by as { id?: unknown };
  return typeof id === "string" && id !== "" ? (by as Decider) : undefined;
}

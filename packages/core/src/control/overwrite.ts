import { CLASS_NAME, isOther } from "./class-name.js";

/**
 * Replaces the value of a state key instead of passing it to the key's reducer.
 * @example
 * ```ts
 * import { Overwrite } from "@holdpoint/core";
 * const startOver = () => ({ log: new Overwrite(["fresh"]) });
 * ```
 */
export class Overwrite<Value = unknown> {
  readonly value: Value;

  constructor(value: Value) {
    this.value = value;
  }
}
Object.defineProperty(Overwrite.prototype, CLASS_NAME, { value: "Overwrite" });

/** Tells an `Overwrite`, of this package, of another copy of it, or of LangGraph. */
export const isOverwrite = (value: unknown): value is Overwrite => value instanceof Overwrite || isOther(value, "Overwrite");

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

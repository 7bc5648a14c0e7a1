import { type Channel, EMPTY, type Empty } from "./channel.js";

/** Keeps the last value written for one step: without a new write it is empty in the step after. */
export class EphemeralValue<Value> implements Channel<Value, Value> {
  readonly kind = "ephemeral-value";
  readonly clears = true;
  readonly ephemeral = true;

  initial(): Empty {
    return EMPTY;
  }

  update(_current: Value | Empty, updates: readonly (Value | undefined)[]): Value | Empty {
    const value = updates[updates.length - 1];
    return value === undefined ? EMPTY : value;
  }

  overwrite(value: unknown): Value {
    return value as Value;
  }
}

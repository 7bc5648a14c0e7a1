import { type Channel, EMPTY, type Empty } from "./channel.js";

/** Keeps the last value written during a run; never saved, so that it may hold what cannot be (a socket, a function). */
export class UntrackedValue<Value> implements Channel<Value, Value> {
  readonly kind = "untracked-value";
  readonly clears = true;
  readonly saved = false;

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

import { type Channel, EMPTY, type Empty } from "./channel.js";

/** Keeps the last value written during a run; never saved, so that it may hold what cannot be (a socket, a function). */
export class UntrackedValue<Value> implements Channel<Value, Value> {
  readonly kind = "untracked-value";
  readonly saved = false;

  initial(): Empty {
    return EMPTY;
  }

  update(_current: Value | Empty, updates: readonly Value[]): Value {
    return updates[updates.length - 1] as Value;
  }

  overwrite(value: unknown): Value {
    return value as Value;
  }
}

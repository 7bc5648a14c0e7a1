import { type Channel, EMPTY, type Empty } from "./channel.js";

/** Folds each write into the value with a reducer: `(value, update) => value`. The reducer must not change its arguments. */
export class Reducer<Value, Update = Value> implements Channel<Value, Update> {
  readonly kind = "reducer";
  readonly #reducer: (value: Value, update: Update) => Value;
  readonly #default: (() => Value) | undefined;

  constructor(reducer: (value: Value, update: Update) => Value, options: { default?: (() => Value) | undefined } = {}) {
    this.#reducer = reducer;
    this.#default = options.default;
  }

  initial(): Value | Empty {
    return this.#default === undefined ? EMPTY : this.#default();
  }

  update(current: Value | Empty, updates: readonly Update[]): Value | Empty {
    let value = current;
    for (const update of updates) {
      // Without a default the first write is the value, as in LangGraph.
      value = value === EMPTY ? (update as unknown as Value) : this.#reducer(value, update);
    }
    return value;
  }

  overwrite(value: unknown): Value {
    return value as Value;
  }
}

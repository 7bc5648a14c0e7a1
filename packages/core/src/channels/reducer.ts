import { GraphError } from "../errors.js";
import { FUNCTION, kindOf, readOptions } from "../read-options.js";
import { type Channel, EMPTY, type Empty } from "./channel.js";

/** Makes the new value of the old one and an update. `accept` as in {@link ReducerOptions}. */
export type ReducerFunction<Value, Update> = ((value: Value, update: Update) => Value) & { readonly accept?: (update: Update) => Update };

export interface ReducerOptions<Value, Update> {
  /** Makes the value before the first write. */
  readonly default?: (() => Value) | undefined;
  /**
   * Brings an update that comes with an input into the form in which the reducer keeps it. Done once, before the input is saved: what it makes up
   * (ids) is the same whenever the input is applied, and the input is stored once.
   */
  readonly accept?: ((update: Update) => Update) | undefined;
}

/** Folds each write into the value with a reducer: `(value, update) => value`. The reducer must not change its arguments. */
export class Reducer<Value, Update = Value> implements Channel<Value, Update> {
  readonly kind = "reducer";
  readonly #reducer: (value: Value, update: Update) => Value;
  readonly #default: (() => Value) | undefined;
  readonly #accept: ((update: Update) => Update) | undefined;

  /**
   * @param reducer may bring its own `accept`, as a property of the function
   * @throws GraphError INVALID_OPTIONS
   */
  constructor(reducer: ReducerFunction<Value, Update>, given?: ReducerOptions<Value, Update>) {
    if (typeof reducer !== "function")
      throw new GraphError("INVALID_OPTIONS", `A reducer must be a function, (value, update) => value, not ${kindOf(reducer)}.`);
    const options = readOptions("new Reducer()", given, { default: FUNCTION, accept: FUNCTION });
    this.#reducer = reducer;
    this.#default = options.default;
    this.#accept = options.accept ?? reducer.accept;
  }

  accept(update: Update): Update {
    return this.#accept === undefined ? update : this.#accept(update);
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

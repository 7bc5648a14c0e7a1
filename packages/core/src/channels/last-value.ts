import { GraphError } from "../errors.js";
import { FUNCTION, readOptions } from "../read-options.js";
import { type Channel, EMPTY, type Empty } from "./channel.js";

/** Keeps the last value written; undefined brings it back to what it was before the first write. Two writes in one step are an error, for their order would be chance. */
export class LastValue<Value> implements Channel<Value, Value> {
  readonly kind = "last-value";
  readonly clears = true;
  readonly #default: (() => Value) | undefined;

  /** @throws GraphError INVALID_OPTIONS */
  constructor(options?: { default?: (() => Value) | undefined }) {
    this.#default = readOptions("new LastValue()", options, { default: FUNCTION }).default;
  }

  initial(): Value | Empty {
    return this.#default === undefined ? EMPTY : this.#default();
  }

  update(_current: Value | Empty, updates: readonly (Value | undefined)[], name: string): Value | Empty {
    if (updates.length > 1) {
      throw new GraphError(
        "INVALID_CONCURRENT_GRAPH_UPDATE",
        `State key "${name}" got ${updates.length} values in one step, but keeps only one. ` +
          `Give it a reducer, Annotation({ reducer: (a, b) => … }), or let only one of the parallel nodes write it.`,
      );
    }
    const [value] = updates;
    return value === undefined ? this.initial() : value;
  }

  overwrite(value: unknown): Value {
    return value as Value;
  }
}

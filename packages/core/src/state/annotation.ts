import type { Channel } from "../channels/channel.js";
import { LastValue } from "../channels/last-value.js";
import { Reducer } from "../channels/reducer.js";
import type { Overwrite } from "../control/overwrite.js";
import { GraphError } from "../errors.js";
import { FUNCTION, kindOf, readOptions } from "../read-options.js";

/** A state key: the channel that keeps it, with the types of its value and of what nodes write to it. */
// An interface with its variance written down: the compiler reads `Value` and `Update` off its name instead of comparing its members.
export interface StateChannel<out Value = unknown, out Update = Value> extends Channel<Value, Update> {
  /** Types only; never set. */
  readonly __value?: Value;
  readonly __update?: Update;
}

// biome-ignore lint/suspicious/noExplicitAny: a record of channels of any types, as a bound for inference
type AnyChannel = StateChannel<any, any>;
// Under a name of its own: spelt out in the union below it costs the compiler more (test/type-cost.test.ts).
type MakesAnyChannel = () => AnyChannel;

/** State keys: `Annotation<string>()`, or `Annotation<string>` without the call, LangGraph's short form. */
export type StateDefinition = Record<string, AnyChannel | MakesAnyChannel>;

// Channels are asked for first and without a detour: they are what most states are made of, and what the compiler's work is counted by.
export type StateOf<Definition extends StateDefinition> = {
  [Key in keyof Definition]: Definition[Key] extends StateChannel<infer Value, infer _Update>
    ? Value
    : Definition[Key] extends () => StateChannel<infer Value, infer _Update>
      ? Value
      : never;
};
export type UpdateOf<Definition extends StateDefinition> = {
  [Key in keyof Definition]?: Definition[Key] extends StateChannel<infer Value, infer Update>
    ? Update | Overwrite<Value>
    : Definition[Key] extends () => StateChannel<infer Value, infer Update>
      ? Update | Overwrite<Value>
      : never;
};

/** Options of one state key. */
export interface AnnotationOptions<Value, Update> {
  /** Folds an update into the value: `(value, update) => value`. Must not change its arguments. */
  readonly reducer?: (value: Value, update: Update) => Value;
  /** As `reducer`, under the name that LangGraph's older documents use. */
  readonly value?: (value: Value, update: Update) => Value;
  /** Makes the value before the first write. */
  readonly default?: () => Value;
  /** Brings an input's update into the form in which the reducer keeps it, once. A reducer may also bring it, as its property `accept`. */
  readonly accept?: (update: Update) => Update;
}

/** The shape of a graph's state, made by `Annotation.Root`. `State` and `Update` are types: `typeof MyState.State`. */
export class AnnotationRoot<out Definition extends StateDefinition> {
  readonly spec: Definition;
  declare readonly State: StateOf<Definition>;
  declare readonly Update: UpdateOf<Definition>;

  constructor(spec: Definition) {
    this.spec = spec;
  }
}

function annotate<Value>(): StateChannel<Value, Value>;
function annotate<Value, Update = Value>(options: AnnotationOptions<Value, Update>): StateChannel<Value, Update>;
function annotate<Value, Update>(given?: AnnotationOptions<Value, Update>): StateChannel<Value, Update> {
  const options = readOptions("Annotation()", given, { reducer: FUNCTION, value: FUNCTION, default: FUNCTION, accept: FUNCTION });
  const reducer = options.reducer ?? options.value;
  if (reducer !== undefined) return new Reducer(reducer, { default: options.default, accept: options.accept });
  return new LastValue<Value>({ default: options.default }) as unknown as StateChannel<Value, Update>;
}

function readSpec<Definition>(spec: Definition): Definition & object {
  if (typeof spec === "object" && spec !== null && !Array.isArray(spec)) return spec;
  throw new GraphError("INVALID_GRAPH", `Annotation.Root() takes an object of state keys, { key: Annotation() }, not ${kindOf(spec)}.`);
}

/**
 * Declares a state key: `Annotation<string>()` (or just `Annotation<string>`) keeps the last value, `Annotation({ reducer, default })` folds each update.
 * `Annotation.Root({ … })` makes the state's shape of them.
 * @example
 * ```ts
 * import { Annotation } from "@holdpoint/core";
 * const State = Annotation.Root({
 *   question: Annotation<string>(),
 *   notes: Annotation<string[], string[]>({ reducer: (all, more) => all.concat(more), default: () => [] }),
 * });
 * type S = typeof State.State; // { question: string; notes: string[] }
 * ```
 */
export const Annotation = Object.assign(annotate, {
  Root: <Definition extends StateDefinition>(spec: Definition): AnnotationRoot<Definition> =>
    new AnnotationRoot(
      // `Annotation<string>` without the call is LangGraph's short form.
      Object.fromEntries(
        Object.entries(readSpec(spec)).map(([key, channel]) => [key, typeof channel === "function" ? annotate() : channel]),
      ) as Definition,
    ),
});

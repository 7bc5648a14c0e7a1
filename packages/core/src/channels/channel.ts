/** Stands for "no value yet": what an empty channel holds. */
export const EMPTY: unique symbol = Symbol("holdpoint.empty");
export type Empty = typeof EMPTY;

/**
 * Says how the writes of one step become a channel's value. A channel holds no value itself: the runtime keeps the values
 * and hands them in, so that one graph serves any number of threads.
 */
export interface Channel<Value = unknown, Update = unknown> {
  readonly kind: string;
  /** False for values that live as long as a run and are not saved. Default true. */
  readonly saved?: boolean;
  /** True for values that last one step: without a write they are gone in the next. Default false. */
  readonly ephemeral?: boolean;
  /** True where a node's update with undefined takes the value away; elsewhere such an update is none. Default false. */
  readonly clears?: boolean;
  /** Brings an update that comes with an input into the form in which it is kept: once, before the input is saved. Default: as it is. */
  accept?(update: Update): Update;
  /** The value before the first write. */
  initial(): Value | Empty;
  /** The value after one step's updates, of which there is at least one, in the order of their tasks. Never changes `current`. */
  update(current: Value | Empty, updates: readonly Update[], name: string): Value | Empty;
  /** The value after one step's last `Overwrite`; absent where a channel takes no overwrite. */
  overwrite?(value: unknown): Value;
}

import type { DataPlace } from "./data-place.js";

/** Turns values into text (or bytes) and back. `loads(dumps(value))` equals `value`; see {@link createSerializer} for what can be saved. */
export interface Serializer {
  /**
   * @param place where the data will stand; savers always say it
   * @throws CheckpointError UNSERIALIZABLE, with the path of the value that cannot be saved.
   */
  dumps(value: unknown, place?: DataPlace): string | Uint8Array;
  /**
   * @param place where the data was found; the same as when it was written
   * @throws CheckpointError CORRUPT_DATA if `data` did not come from `dumps`.
   */
  loads(data: string | Uint8Array, place?: DataPlace): unknown;
  /** The serializer under one that encrypts or compresses. Unlike that one, it writes equal values alike: what they are compared by. */
  readonly inner?: Serializer;
}

/**
 * Teaches the serializer one more type. Asked only about objects that are neither plain objects nor arrays.
 *
 * @example
 * const money: SerializerExtension<Money> = {
 *   name: "acme:money",
 *   is: (value): value is Money => value instanceof Money,
 *   encode: (value) => ({ cents: value.cents }),
 *   decode: (data) => new Money((data as { cents: number }).cents),
 * };
 */
export interface SerializerExtension<T extends object = object> {
  /** Stands in saved data for ever: `vendor:type`. */
  readonly name: string;
  is(value: object): value is T;
  /** Returns what describes the value, made of anything that can be saved. */
  encode(value: T): unknown;
  /** Gets what `encode` returned. The data may come from a damaged or hostile store: check it, and throw if it is not as expected. */
  decode(data: unknown): T;
}

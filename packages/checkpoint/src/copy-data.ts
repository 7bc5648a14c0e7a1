/**
 * Copies data as it is now, lists, plain objects, maps, sets, dates and bytes at any depth, so that nobody changes what somebody else relies on. Other
 * objects stay the same ones.
 */
export function copyData<Value>(value: Value): Value {
  return copy(value, new Map()) as Value;
}

/** Not the value's own method: a `Buffer`'s gives a view of the same bytes. */
const copyBytes = Uint8Array.prototype.slice as (this: ArrayBufferView) => ArrayBufferView;

function copy(value: unknown, copies: Map<object, unknown>): unknown {
  if (typeof value !== "object" || value === null) return value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (Array.isArray(value)) return fill(value, [], copies, copyItems);
  if (prototype === Object.prototype || prototype === null) return fill(value, Object.create(prototype), copies, copyKeys);
  if (prototype === Map.prototype) return fill(value as Map<unknown, unknown>, new Map<unknown, unknown>(), copies, copyEntries);
  if (prototype === Set.prototype) return fill(value as Set<unknown>, new Set<unknown>(), copies, copyMembers);
  if (prototype === Date.prototype) return new Date((value as Date).getTime());
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return copyBytes.call(value);
  return value;
}

/** Makes a container known before what it holds is copied, for it may hold itself. */
function fill<From extends object, To extends object>(
  from: From,
  to: To,
  copies: Map<object, unknown>,
  each: (from: From, to: To, copies: Map<object, unknown>) => void,
): To {
  copies.set(from, to);
  each(from, to, copies);
  return to;
}

type Copies = Map<object, unknown>;

function copyItems(from: readonly unknown[], to: unknown[], copies: Copies): void {
  to.length = from.length;
  // What a list does not hold stays a hole.
  for (const [at, item] of from.entries()) if (at in from) to[at] = copy(item, copies);
}

/** Defined, not set: a key "__proto__" is data like any other. */
function copyKeys(from: object, to: object, copies: Copies): void {
  for (const [key, item] of Object.entries(from))
    Object.defineProperty(to, key, { value: copy(item, copies), writable: true, enumerable: true, configurable: true });
}

function copyEntries(from: Map<unknown, unknown>, to: Map<unknown, unknown>, copies: Copies): void {
  for (const [key, item] of from) to.set(copy(key, copies), copy(item, copies));
}

function copyMembers(from: Set<unknown>, to: Set<unknown>, copies: Copies): void {
  for (const item of from) to.add(copy(item, copies));
}

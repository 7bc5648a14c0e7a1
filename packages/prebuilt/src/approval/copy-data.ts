/** Copies lists and plain objects, so that code which changes what it is given changes its own copy. What else they hold stays the same. */
export function copyData<Value>(value: Value): Value {
  return copy(value, new Map()) as Value;
}

function copy(value: unknown, copies: Map<object, unknown>): unknown {
  if (typeof value !== "object" || value === null) return value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    copies.set(value, list);
    for (const item of value) list.push(copy(item, copies));
    return list;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const object = Object.create(prototype as object | null) as object;
  copies.set(value, object);
  // Defined, not set: a key "__proto__" is data like any other.
  for (const [key, item] of Object.entries(value))
    Object.defineProperty(object, key, { value: copy(item, copies), writable: true, enumerable: true, configurable: true });
  return object;
}

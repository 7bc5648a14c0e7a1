import { CheckpointError } from "../checkpoint-error.js";
import { describeBuiltIn } from "./built-in.js";
import type { ExtensionList } from "./extensions.js";
import { OpaqueValue } from "./opaque-value.js";
import { EXTENSION_PREFIX, MAX_DEPTH, MAX_SPARSE_LENGTH, TAG, type Tagged } from "./tag.js";

/** What cannot be saved, on its way up from the value to the root: each level adds its key. */
class Unserializable {
  readonly path: (string | number)[] = [];
  constructor(
    readonly fact: string,
    readonly tooDeep = false,
  ) {}
}

/**
 * Turns a value into one that `JSON.stringify` saves without loss. What is plain JSON already is returned as it is, not copied:
 * the usual case costs one walk.
 * @throws CheckpointError UNSERIALIZABLE with the path of what cannot be saved.
 */
export function encode(value: unknown, extensions: ExtensionList): unknown {
  try {
    return encodeValue(value, extensions, 0);
  } catch (error) {
    if (error instanceof RangeError) throw unserializable(new Unserializable("", true), value);
    throw error instanceof Unserializable ? unserializable(error, value) : error;
  }
}

function encodeValue(value: unknown, extensions: ExtensionList, depth: number): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return encodeNumber(value);
    case "object":
      if (value === null) return null;
      if (depth >= MAX_DEPTH) throw new Unserializable("", true);
      return encodeObject(value, extensions, depth + 1);
    case "undefined":
      return tagged("undefined");
    case "bigint":
      return tagged("bigint", value.toString());
    case "function":
      throw new Unserializable(`a function${value.name === "" ? "" : ` (${value.name})`}`);
    case "symbol":
      throw new Unserializable(`a symbol (${String(value)})`);
  }
}

function encodeNumber(value: number): unknown {
  if (Number.isFinite(value) && (value !== 0 || 1 / value > 0)) return value;
  return tagged("number", value === 0 ? "-0" : String(value));
}

function tagged(kind: string, payload?: unknown): Tagged {
  return payload === undefined ? { [TAG]: kind } : { [TAG]: kind, v: payload };
}

function encodeObject(value: object, extensions: ExtensionList, depth: number): unknown {
  if (Array.isArray(value)) return encodeArray(value, extensions, depth);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype) return encodePlain(value as Record<string, unknown>, extensions, depth);
  if (prototype === null) return tagged("null", encodePlain({ ...value }, extensions, depth, false));
  return encodeInstance(value, extensions, depth);
}

function encodeArray(list: readonly unknown[], extensions: ExtensionList, depth: number): unknown {
  // A subclass, or an array that says how to write itself, would make JSON.stringify write something else.
  let result = isPlainArray(list) ? list : Array.from(list);
  let at = 0;
  try {
    for (; at < list.length; at++) {
      const item = list[at];
      if (item === undefined && !(at in list)) break;
      const encoded = encodeValue(item, extensions, depth);
      if (encoded === item) continue;
      if (result === list) result = list.slice();
      (result as unknown[])[at] = encoded;
    }
  } catch (error) {
    throw below(error, at);
  }
  return at < list.length ? encodeSparse(list, extensions, depth) : result;
}

function isPlainArray(list: readonly unknown[]): boolean {
  return Object.getPrototypeOf(list) === Array.prototype && (list as { toJSON?: unknown }).toJSON === undefined;
}

function encodeSparse(list: readonly unknown[], extensions: ExtensionList, depth: number): unknown {
  if (list.length > MAX_SPARSE_LENGTH) throw new Unserializable(`a list of ${list.length} places with holes`);
  const payload: unknown[] = [list.length];
  for (const key of Object.keys(list)) {
    const index = Number(key);
    if (Number.isInteger(index)) payload.push(index, encodeAt(list[index], index, extensions, depth));
  }
  return tagged("sparse", payload);
}

/** Encodes a plain object; `mayLookTagged` is false where the result stands inside a tag, which nothing takes for one. */
function encodePlain(object: Record<string, unknown>, extensions: ExtensionList, depth: number, mayLookTagged = true): unknown {
  let result = object;
  let looksTagged = false;
  let key = "";
  try {
    for (key of Object.keys(object)) {
      if (key === TAG) looksTagged = mayLookTagged;
      const item = object[key];
      const encoded = encodeValue(item, extensions, depth);
      if (encoded === item) continue;
      if (result === object) result = copy(object);
      // `__proto__` is an own property of the copy: assigning to it sets that, not the prototype.
      result[key] = encoded;
    }
    return looksTagged ? tagged("object", Object.entries(result).flat(1)) : result;
  } catch (error) {
    throw below(error, key);
  }
}

/** Object spread defines properties, so that an own `__proto__` stays an own property. */
function copy(object: Record<string, unknown>): Record<string, unknown> {
  return { ...object };
}

function encodeInstance(value: object, extensions: ExtensionList, depth: number): unknown {
  if (value instanceof OpaqueValue) return tagged(EXTENSION_PREFIX + value.type, encodeValue(value.data, extensions, depth));
  const extension = extensions.forValue(value);
  if (extension !== undefined) return tagged(EXTENSION_PREFIX + extension.name, encodeValue(extension.encode(value), extensions, depth));
  const known = describeBuiltIn(value);
  if (known !== undefined) return encodeKnown(known.kind, known.payload, extensions, depth);
  const name = Object.prototype.toString.call(value).slice("[object ".length, -1);
  if (name !== "Object") throw new Unserializable(`an object of type ${name}, whose state is not in its properties`);
  // An instance of an unknown class: its own enumerable properties are its data, as for structuredClone.
  return encodePlain({ ...value }, extensions, depth);
}

function encodeKnown(kind: string, payload: unknown, extensions: ExtensionList, depth: number): Tagged {
  if (!Array.isArray(payload)) {
    const isText = typeof payload !== "object" || payload === null;
    return tagged(kind, isText ? payload : encodePlain(payload as Record<string, unknown>, extensions, depth, false));
  }
  return tagged(
    kind,
    payload.map((item, at) => encodeAt(item, at, extensions, depth)),
  );
}

function encodeAt(item: unknown, at: number, extensions: ExtensionList, depth: number): unknown {
  try {
    return encodeValue(item, extensions, depth);
  } catch (error) {
    throw below(error, at);
  }
}

function below(error: unknown, key: string | number): unknown {
  if (error instanceof Unserializable) error.path.push(key);
  return error;
}

function unserializable(error: Unserializable, root: unknown): CheckpointError {
  const path = error.path.reverse();
  if (error.tooDeep) {
    const fact = isCyclic(root, path) ? "refers to itself" : `is nested more than ${MAX_DEPTH} levels deep`;
    return new CheckpointError(
      "UNSERIALIZABLE",
      `The value at ${pathText(path.slice(0, 8))} ${fact}. Save a value without cycles, such as ids instead of references.`,
    );
  }
  return new CheckpointError(
    "UNSERIALIZABLE",
    `The value at ${pathText(path)} is ${error.fact} and cannot be saved. Leave it out, or save data that describes it.`,
  );
}

/** Follows the path of the deepest value: a cycle meets one object twice. */
function isCyclic(root: unknown, path: readonly (string | number)[]): boolean {
  const seen = new Set<unknown>();
  let value: unknown = root;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return false;
    if (seen.has(value)) return true;
    seen.add(value);
    value = (value as Record<string | number, unknown>)[key];
  }
  return seen.has(value);
}

function pathText(path: readonly (string | number)[]): string {
  if (path.length === 0) return "the root";
  return path.map((key) => (typeof key === "number" ? `[${key}]` : /^[\w$]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`)).join("");
}

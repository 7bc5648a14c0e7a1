import { CheckpointError } from "../checkpoint-error.js";
import { types } from "../node-util.js";
import { decodeBytes, encodeBytes } from "./bytes.js";
import { decodeError, encodeError } from "./error-value.js";
import { MAX_SPARSE_LENGTH } from "./tag.js";

/** Payload of a built-in type: still a tree of any values, which the encoder goes on through. */
interface Described {
  readonly kind: string;
  readonly payload: unknown;
}

/** Describes a value of a type that JavaScript brings; undefined if it is of no known type. */
export function describeBuiltIn(value: object): Described | undefined {
  if (types.isDate(value)) return { kind: "date", payload: dateText(value) };
  if (types.isMap(value)) return { kind: "map", payload: [...value].flat(1) };
  if (types.isSet(value)) return { kind: "set", payload: [...value] };
  if (types.isRegExp(value)) return { kind: "regexp", payload: [value.source, value.flags, value.lastIndex] };
  if (ArrayBuffer.isView(value) || types.isArrayBuffer(value)) return { kind: "bytes", payload: encodeBytes(value) };
  if (types.isNativeError(value) || value instanceof Error) return { kind: "error", payload: encodeError(value) };
  if (value instanceof URL) return { kind: "url", payload: value.href };
  return undefined;
}

/** Builds the value of a tag whose payload has been decoded. */
export function buildBuiltIn(kind: string, payload: unknown): unknown {
  switch (kind) {
    case "undefined":
      return undefined;
    case "number":
      return readNumber(payload);
    case "bigint":
      return typeof payload === "string" && /^-?\d+$/.test(payload) ? BigInt(payload) : bad(kind);
    case "date":
      return readDate(payload);
    case "map":
      return readMap(payload);
    case "set":
      return Array.isArray(payload) ? new Set(payload) : bad(kind);
    case "regexp":
      return readRegExp(payload);
    case "bytes":
      return decodeBytes(payload) ?? bad(kind);
    case "error":
      return decodeError(payload) ?? bad(kind);
    case "url":
      return readUrl(payload);
    case "object":
      return readObject(payload);
    case "null":
      return isRecord(payload) ? Object.setPrototypeOf(payload, null) : bad(kind);
    case "sparse":
      return readSparse(payload);
    default:
      throw new CheckpointError(
        "CORRUPT_DATA",
        `Saved data holds the unknown tag ${JSON.stringify(kind)}. It is damaged, or a newer @holdpoint/checkpoint wrote it: update this package.`,
      );
  }
}

function bad(kind: string): never {
  throw new CheckpointError("CORRUPT_DATA", `Saved data is damaged: a value of type "${kind}" cannot be read.`);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function dateText(date: Date): string | null {
  const time = Date.prototype.getTime.call(date);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

function readDate(payload: unknown): Date {
  if (payload === null) return new Date(Number.NaN);
  const date = typeof payload === "string" ? new Date(payload) : undefined;
  return date !== undefined && dateText(date) === payload ? date : bad("date");
}

const NUMBERS: ReadonlyMap<unknown, number> = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["-0", -0],
]);

function readNumber(payload: unknown): number {
  return NUMBERS.get(payload) ?? bad("number");
}

function readMap(payload: unknown): Map<unknown, unknown> {
  if (!Array.isArray(payload) || payload.length % 2 !== 0) return bad("map");
  const map = new Map<unknown, unknown>();
  for (let at = 0; at < payload.length; at += 2) map.set(payload[at], payload[at + 1]);
  return map;
}

function readRegExp(payload: unknown): RegExp {
  if (!Array.isArray(payload) || payload.length !== 3) return bad("regexp");
  const [source, flags, lastIndex] = payload as unknown[];
  if (typeof source !== "string" || typeof flags !== "string" || typeof lastIndex !== "number") return bad("regexp");
  try {
    const pattern = new RegExp(source, flags);
    pattern.lastIndex = lastIndex;
    return pattern;
  } catch {
    return bad("regexp");
  }
}

function readUrl(payload: unknown): URL {
  return typeof payload === "string" && URL.canParse(payload) ? new URL(payload) : bad("url");
}

/** Rebuilds an object that looked like a tag, from its keys and values in turn. */
function readObject(payload: unknown): Record<string, unknown> {
  if (!Array.isArray(payload) || payload.length % 2 !== 0) return bad("object");
  const object: Record<string, unknown> = {};
  for (let at = 0; at < payload.length; at += 2) {
    const key: unknown = payload[at];
    if (typeof key !== "string") return bad("object");
    // Not by assignment, which would set the prototype where the key is `__proto__`.
    Object.defineProperty(object, key, { value: payload[at + 1], writable: true, enumerable: true, configurable: true });
  }
  return object;
}

/** Rebuilds an array with holes: its length, then index and value in turn. */
function readSparse(payload: unknown): unknown[] {
  if (!Array.isArray(payload) || payload.length % 2 !== 1) return bad("sparse");
  const length: unknown = payload[0];
  if (typeof length !== "number" || !(Number.isInteger(length) && length >= 0 && length <= MAX_SPARSE_LENGTH)) return bad("sparse");
  const list: unknown[] = [];
  list.length = length;
  for (let at = 1; at < payload.length; at += 2) {
    const index: unknown = payload[at];
    if (typeof index !== "number" || !Number.isInteger(index) || index < 0 || index >= length) return bad("sparse");
    list[index] = payload[at + 1];
  }
  return list;
}

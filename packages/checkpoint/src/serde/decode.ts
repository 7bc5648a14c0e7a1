import { CheckpointError } from "../checkpoint-error.js";
import { buildBuiltIn } from "./built-in.js";
import type { ExtensionList } from "./extensions.js";
import { OpaqueValue } from "./opaque-value.js";
import { EXTENSION_PREFIX, MAX_DEPTH, TAG } from "./tag.js";

/** Replaces the tags in parsed JSON by what they stand for. Changes the tree in place: it was parsed for this call. */
export function decode(value: unknown, extensions: ExtensionList): unknown {
  return decodeValue(value, extensions, 0);
}

function decodeValue(value: unknown, extensions: ExtensionList, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  // Tags take up to three levels of JSON for one of the user's.
  if (depth > 3 * MAX_DEPTH) throw new CheckpointError("CORRUPT_DATA", "Saved data is nested deeper than anything this package saves.");
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) {
      const item: unknown = value[at];
      if (typeof item === "object" && item !== null) value[at] = decodeValue(item, extensions, depth + 1);
    }
    return value;
  }
  const object = value as Record<string, unknown>;
  if (Object.hasOwn(object, TAG)) return decodeTag(object, extensions, depth);
  decodeProperties(object, extensions, depth);
  return object;
}

function decodeProperties(object: Record<string, unknown>, extensions: ExtensionList, depth: number): void {
  for (const key of Object.keys(object)) {
    const item = object[key];
    // The key is an own data property, `__proto__` included: assignment cannot reach a setter of the prototype.
    if (typeof item === "object" && item !== null) object[key] = decodeValue(item, extensions, depth + 1);
  }
}

function decodeTag(object: Record<string, unknown>, extensions: ExtensionList, depth: number): unknown {
  const kind = object[TAG];
  const keys = Object.keys(object);
  const wellFormed = typeof kind === "string" && (keys.length === 1 || (keys.length === 2 && Object.hasOwn(object, "v")));
  if (!wellFormed) throw new CheckpointError("CORRUPT_DATA", "Saved data is damaged: it holds a malformed tag.");
  const payload = decodePayload(kind, object.v, extensions, depth);
  return kind.startsWith(EXTENSION_PREFIX)
    ? buildExtension(kind.slice(EXTENSION_PREFIX.length), payload, extensions)
    : buildBuiltIn(kind, payload);
}

/** The payload of these kinds may have the key of a tag, and is none. */
const NEVER_TAGGED = new Set(["null", "error"]);

function decodePayload(kind: string, payload: unknown, extensions: ExtensionList, depth: number): unknown {
  if (NEVER_TAGGED.has(kind) && typeof payload === "object" && payload !== null && !Array.isArray(payload)) {
    decodeProperties(payload as Record<string, unknown>, extensions, depth + 1);
    return payload;
  }
  return decodeValue(payload, extensions, depth + 1);
}

function buildExtension(name: string, data: unknown, extensions: ExtensionList): unknown {
  const extension = extensions.byName(name);
  if (extension === undefined) return new OpaqueValue(name, data);
  try {
    return extension.decode(data);
  } catch (cause) {
    throw new CheckpointError("CORRUPT_DATA", `Saved data of type ${JSON.stringify(name)} cannot be read: ${String(cause)}`, { cause });
  }
}

import { CheckpointError } from "../checkpoint-error.js";
import { decode } from "./decode.js";
import { encode } from "./encode.js";
import { ExtensionList } from "./extensions.js";
import type { Serializer, SerializerExtension } from "./serializer.js";
import { TAG_TEXT } from "./tag.js";

export interface SerializerOptions {
  /** Types that only this serializer knows; they come before those of {@link registerType}. */
  readonly extensions?: readonly SerializerExtension[];
}

/** The default serializer: JSON text. */
export interface TextSerializer extends Serializer {
  dumps(value: unknown): string;
}

/**
 * Makes the serializer that the savers use: JSON text, with tags for what JSON has no word for.
 *
 * Kept exactly: JSON values, undefined, NaN, the infinities, -0, bigint, Date (invalid ones too), Map, Set, RegExp (with lastIndex), URL,
 * ArrayBuffer, typed arrays, Buffer, DataView, errors (built-in class, name, message, stack, cause, own properties), arrays with holes,
 * objects without prototype, own `__proto__` keys, lone surrogates, types of {@link registerType}. Data that looks like a tag, or like
 * the serialized form of another library, comes back as the plain object it was.
 *
 * Not kept: an instance of an unknown class comes back as a plain object of its own enumerable properties, and two references to one
 * object come back as two objects, both as JSON does it; symbol keys, getters and named properties of arrays are left out.
 *
 * @throws CheckpointError UNSERIALIZABLE from `dumps`: functions, symbols, cycles, nesting beyond 500 levels, lists with holes of more than a
 *   million places, and objects whose state is hidden (promises, weak collections, streams …), each with its path. CORRUPT_DATA from `loads`.
 *
 * @example
 * const serializer = createSerializer();
 * serializer.loads(serializer.dumps(new Map([["due", new Date(0)]])));
 */
export function createSerializer(options: SerializerOptions = {}): TextSerializer {
  const extensions = new ExtensionList(options.extensions ?? []);
  return {
    dumps: (value) => stringify(encode(value, extensions)),
    loads: (data) => {
      const text = typeof data === "string" ? data : textOf(data);
      const tree = parse(text);
      return text.includes(TAG_TEXT) ? decode(tree, extensions) : tree;
    },
  };
}

function stringify(tree: unknown): string {
  try {
    return JSON.stringify(tree);
  } catch (cause) {
    throw new CheckpointError("UNSERIALIZABLE", `The value is too large to be saved as one text. Save it in parts. ${String(cause)}`, {
      cause,
    });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What JSON.parse says quotes the text, which may hold anything.
    throw new CheckpointError("CORRUPT_DATA", `Saved data is damaged: its ${text.length} characters are not JSON.`);
  }
}

function textOf(data: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
  } catch (cause) {
    throw new CheckpointError("CORRUPT_DATA", "Saved data is damaged: its bytes are not UTF-8.", { cause });
  }
}

import type { KeyObject } from "node:crypto";
import { CheckpointError } from "../checkpoint-error.js";
import { nodeCrypto } from "../node-crypto.js";

/** The keys of an {@link encryptedSerializer}. */
export interface KeyRing {
  /** Id of the key that new data is encrypted with. */
  readonly current: string;
  /**
   * All keys that stored data may need, by id: 32 random bytes each, or the base64 text of 32 bytes. An id stands unencrypted beside all data that
   * its key encrypted, for as long as that exists. At most 255 bytes of UTF-8.
   */
  readonly keys: Readonly<Record<string, Uint8Array | string>>;
}

/** A key that is ready for use. */
export interface ReadyKey {
  readonly id: string;
  readonly key: KeyObject;
}

/** A key ring that was checked. Its keys cannot be read out of it by accident: they are KeyObjects. */
export interface ReadyKeys {
  readonly current: ReadyKey;
  get(id: string): ReadyKey | undefined;
}

const KEY_BYTES = 32;
const MAX_ID_BYTES = 255;

/**
 * Checks a key ring and copies its keys.
 * @throws CheckpointError INVALID_ARGUMENT if an id or a key cannot be used, or the current one is missing. It names ids, never a key.
 */
export function readKeyRing({ current, keys }: KeyRing): ReadyKeys {
  const { createSecretKey } = nodeCrypto();
  const ready = new Map(Object.entries(keys).map(([id, key]) => [checkId(id), { id, key: createSecretKey(bytesOf(id, key)) }]));
  const one = ready.get(current);
  if (one === undefined) throw invalid(`the current key ${JSON.stringify(current)} is not among its keys. Add it to \`keys\`.`);
  return { current: one, get: (id) => ready.get(id) };
}

function checkId(id: string): string {
  const bytes = Buffer.from(id);
  if (id !== "" && bytes.length <= MAX_ID_BYTES && bytes.toString() === id) return id;
  throw invalid(`a key's id must be well-formed text of 1 to ${MAX_ID_BYTES} bytes, which ${JSON.stringify(id)} is not.`);
}

function bytesOf(id: string, key: unknown): Buffer {
  const bytes = key instanceof Uint8Array ? Buffer.from(key) : typeof key === "string" ? fromBase64(key) : undefined;
  if (bytes?.length === KEY_BYTES) return bytes;
  throw invalid(
    `the key ${JSON.stringify(id)} must be ${KEY_BYTES} random bytes, or their base64 text. Make one with: openssl rand -base64 32`,
  );
}

/** Node.js leaves out what is no base64: a key with a typing error would become another key. */
function fromBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64");
  const isExact = bytes.toString("base64") === text || bytes.toString("base64url") === text;
  return isExact ? bytes : undefined;
}

function invalid(fact: string): CheckpointError {
  return new CheckpointError("INVALID_ARGUMENT", `The key ring cannot be used: ${fact}`);
}

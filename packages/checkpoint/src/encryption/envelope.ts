import type { KeyObject } from "node:crypto";
import { CheckpointError } from "../checkpoint-error.js";
import { nodeCrypto } from "../node-crypto.js";
import type { DataPlace } from "../serde/data-place.js";
import type { ReadyKey } from "./key-ring.js";

// Layout: version, form, length of the key's id, the id; nonce; tag; encrypted data. The part before the nonce and the place are authenticated.
// Saved data depends on all of it: a change needs another version.

const VERSION = 1;
const ID_AT = 3;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ALGORITHM = "aes-256-gcm";

/** What the encrypted data is: what `loads` of the serializer inside must get back. */
const FORMS = ["bytes", "text"] as const;

/** The readable part of an envelope. */
export interface Envelope {
  readonly keyId: string;
  readonly isText: boolean;
  readonly header: Buffer;
  readonly nonce: Buffer;
  readonly tag: Buffer;
  readonly encrypted: Buffer;
}

/** Encrypts data for one place. */
export function seal(data: string | Uint8Array, { id, key }: ReadyKey, place: DataPlace): Uint8Array {
  const { createCipheriv, randomBytes } = nodeCrypto();
  const keyId = Buffer.from(id);
  const header = Buffer.from([VERSION, FORMS.indexOf(typeof data === "string" ? "text" : "bytes"), keyId.length, ...keyId]);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(authenticated(header, place));
  const encrypted = typeof data === "string" ? cipher.update(data, "utf8") : cipher.update(data);
  // With this cipher nothing is left for the end but the tag.
  cipher.final();
  return concat([header, nonce, cipher.getAuthTag(), encrypted]);
}

/** Bytes of their own: drivers and comparisons tell a Buffer from a Uint8Array, and a small Buffer holds on to those around it. */
function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** @throws CheckpointError CORRUPT_DATA if it is none, or was cut short. */
export function readEnvelope(data: string | Uint8Array): Envelope {
  if (typeof data === "string") throw notEncrypted();
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (bytes[0] !== VERSION) throw notEncrypted();
  const [nonceAt, form] = [ID_AT + (bytes[2] ?? 0), FORMS[bytes[1] ?? -1]];
  const dataAt = nonceAt + NONCE_BYTES + TAG_BYTES;
  if (form === undefined || bytes.length < dataAt) throw new CheckpointError("CORRUPT_DATA", "Encrypted data is damaged or was cut short.");
  return {
    keyId: bytes.toString("utf8", ID_AT, nonceAt),
    isText: form === "text",
    header: bytes.subarray(0, nonceAt),
    nonce: bytes.subarray(nonceAt, nonceAt + NONCE_BYTES),
    tag: bytes.subarray(nonceAt + NONCE_BYTES, dataAt),
    encrypted: bytes.subarray(dataAt),
  };
}

/** @throws CheckpointError CORRUPT_DATA if the data was changed, or was encrypted for another place or with another key. */
export function open({ header, nonce, tag, encrypted, isText }: Envelope, key: KeyObject, place: DataPlace): string | Uint8Array {
  const decipher = nodeCrypto().createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(authenticated(header, place));
  decipher.setAuthTag(tag);
  const data = decipher.update(encrypted);
  try {
    decipher.final();
  } catch {
    throw new CheckpointError(
      "CORRUPT_DATA",
      `Encrypted data (${place.part}) does not open: it was changed, moved here from another place, or encrypted with another key of this id.`,
    );
  }
  return isText ? data.toString("utf8") : data;
}

/** JSON keeps the parts apart, and writes half a character as an escape: two places never become the same bytes. */
function authenticated(header: Buffer, { part, threadId, ns, checkpointId, item }: DataPlace): Buffer {
  const place = JSON.stringify([part, threadId, ns ?? null, checkpointId ?? null, item ?? null]);
  return Buffer.concat([header, Buffer.from(place)]);
}

function notEncrypted(): CheckpointError {
  return new CheckpointError(
    "CORRUPT_DATA",
    "Data in the storage is not encrypted, or not by this serializer. To encrypt threads that were saved without, export them and import them with a saver that encrypts.",
  );
}

import { CheckpointError } from "../checkpoint-error.js";
import { createSerializer } from "../serde/create-serializer.js";
import type { DataPlace } from "../serde/data-place.js";
import type { Serializer } from "../serde/serializer.js";
import { open, readEnvelope, seal } from "./envelope.js";
import { type KeyRing, readKeyRing } from "./key-ring.js";

export interface EncryptionOptions {
  readonly keys: KeyRing;
  /** How values become text or bytes, which are then encrypted. Default: {@link createSerializer}. */
  readonly serializer?: Serializer;
}

/**
 * Encrypts what a saver stores: AES-256-GCM, with a random nonce for each piece. A piece opens only where it was written: its thread, namespace,
 * checkpoint, and kind are authenticated with it. Data that was changed, cut short, moved to another place or never encrypted is refused.
 *
 * To change the key, add one to the ring and make it `current`: older data still opens with the key whose id it carries, new data is written with
 * the current one. One key is good for 2^32 pieces (a step of a graph is a few).
 *
 * Not hidden are ids (threads, checkpoints, tasks, interrupts), namespaces, channel names, the names of graphs and assignees, times, and sizes; and
 * who may write to the storage can delete pieces, or put back an older one that stood in the same place.
 *
 * @throws CheckpointError INVALID_ARGUMENT if the key ring cannot be used. From `dumps` and `loads`: INVALID_ARGUMENT without a place, and what the
 *   serializer inside throws. From `loads`: CORRUPT_DATA, UNKNOWN_KEY. No message holds a key or decrypted data.
 *
 * @example
 * const keys = { current: "2026-07", keys: { "2026-07": process.env.STATE_KEY ?? "" } };
 * const checkpointer = new MemorySaver({ serializer: encryptedSerializer({ keys }) });
 */
export function encryptedSerializer({ keys, serializer = createSerializer() }: EncryptionOptions): Serializer {
  const ring = readKeyRing(keys);
  return {
    inner: serializer,
    dumps: (value, place) => seal(serializer.dumps(value, place), ring.current, requirePlace(place)),
    loads: (data, place) => {
      const known = requirePlace(place);
      const envelope = readEnvelope(data);
      const one = ring.get(envelope.keyId);
      if (one === undefined) throw unknownKey(envelope.keyId);
      return serializer.loads(open(envelope, one.key, known), place);
    },
  };
}

function requirePlace(place: DataPlace | undefined): DataPlace {
  if (place !== undefined) return place;
  throw new CheckpointError("INVALID_ARGUMENT", "Encrypted data belongs to a place. Pass it: dumps(value, place), loads(data, place).");
}

function unknownKey(id: string): CheckpointError {
  return new CheckpointError(
    "UNKNOWN_KEY",
    `Saved data was encrypted with the key ${JSON.stringify(id)}, which the key ring does not have. Keep old keys in it until nothing needs them.`,
  );
}

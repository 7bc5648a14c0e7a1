import { nodeCrypto } from "../node-crypto.js";
import type { JournalEntry } from "./journal-types.js";

/** What the hash of an entry is made of. */
export type HashedPart = Pick<JournalEntry, "previous" | "threadId" | "seq" | "at" | "kind" | "stored">;

/** Says what is hashed, and in which version of this encoding. */
const PURPOSE = "holdpoint journal 1";

/**
 * Hashes an entry of a journal: SHA-256, in hexadecimal, of a JSON array, in which no part can run into the next. The data goes in as it is
 * stored, so that nothing has to be encoded again to verify it, years later and by other code.
 */
export function journalHash({ previous, threadId, seq, at, kind, stored }: HashedPart): string {
  const data = typeof stored === "string" ? ["text", stored] : ["base64", Buffer.from(stored).toString("base64")];
  return nodeCrypto()
    .createHash("sha256")
    .update(JSON.stringify([PURPOSE, previous, threadId, seq, at, kind, ...data]))
    .digest("hex");
}

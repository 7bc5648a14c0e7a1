import type { DocumentPlace } from "@holdpoint/checkpoint";
import type { Data } from "../stored-data.js";

/** What becomes of one document. `put-anew`: it was deleted before, in the same batch, so that what is put is new. */
export interface DocumentWrite extends DocumentPlace {
  readonly kind: "put" | "put-anew" | "delete";
  readonly data: Data | undefined;
  /** Milliseconds that it is kept; undefined: for ever. */
  readonly duration: number | undefined;
}

/** Sums up the writes of a batch: one for each document, in the order of the last ones. */
export function planWrites(writes: readonly DocumentWrite[]): DocumentWrite[] {
  const planned = new Map<string, DocumentWrite>();
  for (const write of writes) {
    const document = JSON.stringify([write.namespace, write.key]);
    const before = planned.get(document)?.kind ?? "put";
    planned.delete(document);
    planned.set(document, write.kind === "put" && before !== "put" ? { ...write, kind: "put-anew" } : write);
  }
  return [...planned.values()];
}

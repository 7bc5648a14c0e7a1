import type { ThreadRecord } from "@holdpoint/checkpoint";

// An export is JSON Lines, each written by the default serializer: a header; then for each thread its records, in the order in which they must be
// imported, and a line that ends it, by which a file that was cut off is known.

export const FORMAT = "holdpoint-checkpoints";
export const FORMAT_VERSION = 1;

export interface Header {
  readonly format: typeof FORMAT;
  readonly version: number;
  /** ISO 8601. */
  readonly at: string;
}

/** One record of a thread. */
export type RecordLine = ThreadRecord & { readonly threadId: string };

/** Comes after a thread's last record. */
export interface EndLine {
  readonly kind: "end";
  readonly threadId: string;
  readonly records: number;
}

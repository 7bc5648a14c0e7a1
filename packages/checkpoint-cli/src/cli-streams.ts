import type { Readable, Writable } from "node:stream";

/** Where a command reads and writes. */
export interface CliStreams {
  readonly stdin: Readable;
  readonly stdout: Writable;
  /** Errors and progress. */
  readonly stderr: Writable & { readonly isTTY?: boolean };
}

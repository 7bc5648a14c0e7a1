import { writeSync } from "node:fs";
import type { Said } from "./job.js";

/** Starts every line that a process of the kit says: what else stands on its standard output is not for the kit. */
export const LINE_START = "\u0001holdpoint ";

/** Says something at once: it is on its way when this returns, whatever becomes of the process. */
export function say(said: Said): void {
  const line = Buffer.from(`${LINE_START}${JSON.stringify(said)}\n`);
  for (let written = 0; written < line.length; ) {
    try {
      written += writeSync(1, line, written);
    } catch (error) {
      // The reader is behind; it will catch up.
      if ((error as { code?: unknown }).code !== "EAGAIN") throw error;
    }
  }
}

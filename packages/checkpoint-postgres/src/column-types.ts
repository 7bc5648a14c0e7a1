import type { PostgresTypes } from "./postgres-pool.js";

const BOOLEAN = 16;
const BYTES = 17;
const NUMBERS = new Set([20, 21, 23, 701]);

/**
 * Reads columns the same way whatever an application has set for its own queries (`pg.types.setTypeParser`). Numbers of 64 bits are counters, sizes
 * and times here, which a number of JavaScript holds.
 */
export const columnTypes: PostgresTypes = {
  getTypeParser(oid) {
    if (NUMBERS.has(oid)) return Number;
    if (oid === BOOLEAN) return (value) => value === "t";
    return oid === BYTES ? readBytes : (value) => value;
  },
};

/** `\x` and hexadecimal digits, as servers write it unless they are told to use a form of before 2010. */
function readBytes(value: string): Uint8Array {
  const { buffer, byteOffset, length } = Buffer.from(value.slice(2), "hex");
  return new Uint8Array(buffer, byteOffset, length);
}

import { fromKeyText, toKeyText } from "@holdpoint/checkpoint";

/** What a serializer returns, and takes. */
export type Data = string | Uint8Array;

/** The two columns that hold a piece of data: text or bytes, the other one null. */
export interface StoredData {
  readonly data: string | null;
  readonly bytes: Uint8Array | null;
}

/** Values of the two columns. */
export function toStored(data: Data): [text: string | null, bytes: Uint8Array | null] {
  if (typeof data !== "string") return [null, data];
  return [isStorable(data) ? data : toKeyText(data), null];
}

/** Undoes {@link toStored}. */
export function fromStored({ data, bytes }: StoredData): Data {
  return data === null ? (bytes ?? "") : fromKeyText(data);
}

/** Whether PostgreSQL holds the text as it is, as it does all that the default serializer writes. Much quicker than the test of keys on long text. */
function isStorable(text: string): boolean {
  return !text.includes("\0") && !text.startsWith("\u0001") && (text as WellFormed).isWellFormed();
}

/** Every runtime that we support has it; the types of ES2023 do not. */
type WellFormed = string & { isWellFormed(): boolean };

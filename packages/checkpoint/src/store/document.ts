import { CheckpointError } from "../checkpoint-error.js";
import type { DataPlace } from "../serde/data-place.js";
import type { Serializer } from "../serde/serializer.js";
import type { DocumentPlace } from "./resolve-operation.js";

/** Writes the value of a document. */
export function encodeDocument(serializer: Serializer, place: DocumentPlace, value: object): string | Uint8Array {
  return serializer.dumps(value, dataPlace(place));
}

/** @throws CheckpointError CORRUPT_DATA if the data is not that of a document */
export function decodeDocument(serializer: Serializer, place: DocumentPlace, data: string | Uint8Array): Record<string, unknown> {
  const value = serializer.loads(data, dataPlace(place));
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new CheckpointError("CORRUPT_DATA", "Saved data is damaged: a document of the store is no object.");
}

function dataPlace({ namespace, key }: DocumentPlace): DataPlace {
  return { part: "document", threadId: JSON.stringify(namespace), item: key };
}

import { CheckpointError } from "../checkpoint-error.js";
import type { Patch } from "../patch/patch.js";
import { isPlainObject } from "../patch/plain.js";

// What a saver stores for a checkpoint, before it becomes text. Its id and its parent's stand beside it in the storage.

/** A whole checkpoint. Versions equal to the checkpoint's own id are stored as `true`. */
export type SnapshotRecord = readonly [
  kind: 0,
  v: number,
  ts: string,
  versions: Readonly<Record<string, unknown>>,
  seen: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, unknown>>,
  extra?: Readonly<Record<string, unknown>>,
];

/** What differs from the parent; null for nothing. Versions equal to the own id are stored as `true`, to the parent's as `false`. */
export type PatchRecord = readonly [
  kind: 1,
  v: number,
  ts: string,
  versions: Patch | null,
  seen: Patch | null,
  values: Patch | null,
  extra?: Readonly<Record<string, unknown>>,
];

export type CheckpointRecord = SnapshotRecord | PatchRecord;

/** Sizes that belong to a stored checkpoint, in characters of its stored data. */
export interface RecordSizes {
  /** The checkpoint itself, were it stored whole (estimated, exact at a snapshot). */
  readonly liveSize: number;
  /** What must be read for it: the last snapshot and the patches since. */
  readonly chainSize: number;
  /** Patches since the last snapshot; 0 for a snapshot. */
  readonly patchCount: number;
}

/** Checks the outer shape of decoded data. */
export function readRecord(data: unknown): CheckpointRecord {
  const ok = Array.isArray(data) && (data.length === 6 || (data.length === 7 && isExtra(data[6]))) && hasHead(data) && hasParts(data);
  if (!ok)
    throw new CheckpointError("CORRUPT_DATA", "Saved data is damaged, or is no checkpoint: it has not the shape of a stored checkpoint.");
  return data as unknown as CheckpointRecord;
}

/** Fields of every checkpoint. */
export const CHECKPOINT_FIELDS: ReadonlySet<string> = new Set(["v", "id", "ts", "channel_values", "channel_versions", "versions_seen"]);

/** Fields of other runtimes: none of ours, which they would replace. */
function isExtra(part: unknown): boolean {
  return isPlainObject(part) && Object.keys(part).every((key) => !CHECKPOINT_FIELDS.has(key));
}

function hasHead(data: readonly unknown[]): boolean {
  return (data[0] === 0 || data[0] === 1) && typeof data[1] === "number" && typeof data[2] === "string";
}

function hasParts(data: readonly unknown[]): boolean {
  const isPart = data[0] === 0 ? isPlainObject : (part: unknown) => part === null || Array.isArray(part);
  return isPart(data[3]) && isPart(data[4]) && isPart(data[5]);
}

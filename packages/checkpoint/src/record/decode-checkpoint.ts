import { CheckpointError } from "../checkpoint-error.js";
import { foldPatches } from "../patch/fold.js";
import type { Patch } from "../patch/patch.js";
import { isPlainObject } from "../patch/plain.js";
import type { ChannelVersions, Checkpoint } from "../types.js";
import type { CheckpointRecord, SnapshotRecord } from "./checkpoint-record.js";
import { mapPatchVersions, mapVersions, restoreVersions } from "./version-references.js";

/** One stored checkpoint on the way from the last snapshot to the one that is read. */
export interface ChainLink {
  readonly id: string;
  readonly record: CheckpointRecord;
  /** The record's version patches in full, kept once worked out: a history is read link by link over and over. */
  restored?: { readonly versions: Patch | null; readonly seen: Patch | null };
}

/**
 * Rebuilds a checkpoint from the last snapshot and the patches since, oldest first. Changes none of the records; the result shares with
 * them what no patch reached.
 * @throws CheckpointError CORRUPT_DATA if the links do not fit together.
 */
export function decodeCheckpoint(chain: readonly ChainLink[]): Checkpoint {
  try {
    return decodeLinks(chain);
  } catch (error) {
    // Nested so deep that no stack can follow: what we save is not.
    if (!(error instanceof RangeError)) throw error;
    throw new CheckpointError("CORRUPT_DATA", "Saved data is damaged: a checkpoint is nested deeper than any that is saved.", {
      cause: error,
    });
  }
}

function decodeLinks(chain: readonly ChainLink[]): Checkpoint {
  const first = chain[0];
  const last = chain.at(-1);
  if (first === undefined || last === undefined || first.record[0] !== 0) {
    throw new CheckpointError("CORRUPT_DATA", "Saved data is damaged: a checkpoint that others are stored as changes of is missing.");
  }
  const [, , , versions, seen, values] = first.record as SnapshotRecord;
  const restore = restoreVersions(first.id);
  const [, v, ts, , , , extra] = last.record;
  return {
    v,
    id: last.id,
    ts,
    channel_values: asObject(foldPatches(copy(values), valuePatchesOf(chain))),
    channel_versions: asObject(foldPatches(mapVersions(versions, restore), versionPatchesOf(chain, "versions"))) as ChannelVersions,
    versions_seen: asObject(foldPatches(mapVersions(seen, restore), versionPatchesOf(chain, "seen"))) as Record<string, ChannelVersions>,
    ...extra,
  };
}

function copy(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { ...values };
}

function asObject(value: unknown): Record<string, unknown> {
  if (isPlainObject(value)) return value;
  throw new CheckpointError("CORRUPT_DATA", "Saved data is damaged: a part of a stored checkpoint is not an object.");
}

function* valuePatchesOf(chain: readonly ChainLink[]): Iterable<Patch> {
  for (let at = 1; at < chain.length; at++) {
    const { record } = chain[at]!;
    if (record[0] !== 1) throw new CheckpointError("CORRUPT_DATA", "Saved data is damaged: a whole checkpoint is marked as a change.");
    const patch = record[5];
    if (patch !== null) yield patch;
  }
}

function* versionPatchesOf(chain: readonly ChainLink[], part: "versions" | "seen"): Iterable<Patch> {
  for (let at = lastWhole(chain, part === "versions" ? 3 : 4); at < chain.length; at++) {
    const link = chain[at]!;
    link.restored ??= restorePatches(link, chain[at - 1]!.id);
    const patch = link.restored[part];
    if (patch !== null) yield patch;
  }
}

/** The last link whose patch stands alone: what came before it says nothing about the result. Where every channel is written, that is the last. */
function lastWhole(chain: readonly ChainLink[], part: 3 | 4): number {
  for (let at = chain.length - 1; at > 1; at--) if ((chain[at]?.record[part] as Patch | null)?.[0] === "=") return at;
  return 1;
}

function restorePatches({ id, record }: ChainLink, parentId: string): ChainLink["restored"] & object {
  const restore = restoreVersions(id, parentId);
  const [versions, seen] = [record[3] as Patch | null, record[4] as Patch | null];
  return {
    versions: versions === null ? null : mapPatchVersions(versions, restore),
    seen: seen === null ? null : mapPatchVersions(seen, restore),
  };
}

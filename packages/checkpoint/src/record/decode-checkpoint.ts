import { CheckpointError } from "../checkpoint-error.js";
import { Folding } from "../patch/fold.js";
import type { Patch } from "../patch/patch.js";
import { isPlainObject } from "../patch/plain.js";
import type { ChannelVersions, Checkpoint } from "../types.js";
import type { CheckpointRecord, SnapshotRecord } from "./checkpoint-record.js";
import { mapEach, mapPatchVersions, mapVersions, restoreVersions } from "./version-references.js";

/** One stored checkpoint on the way from the last snapshot to the one that is read. */
export interface ChainLink {
  readonly id: string;
  readonly record: CheckpointRecord;
}

/**
 * Rebuilds a checkpoint from the last snapshot and the patches since, oldest first. Changes none of the records; the result shares with
 * them what no patch reached.
 * @throws CheckpointError CORRUPT_DATA if the links do not fit together.
 */
export function decodeCheckpoint(chain: readonly ChainLink[]): Checkpoint {
  const last = chain.at(-1);
  return decodeCheckpoints(chain, (link) => link === last)[0]!;
}

/**
 * Rebuilds those checkpoints of a chain that are wanted, oldest first, for little more than the newest of them alone. They share with each other
 * what they share with the records.
 * @param isWanted true for the last link at least
 * @throws CheckpointError CORRUPT_DATA if the links do not fit together.
 */
export function decodeCheckpoints(chain: readonly ChainLink[], isWanted: (link: ChainLink) => boolean): Checkpoint[] {
  try {
    return decodeLinks(chain, isWanted);
  } catch (error) {
    // Nested so deep that no stack can follow: what we save is not.
    if (!(error instanceof RangeError)) throw error;
    throw new CheckpointError("CORRUPT_DATA", "Saved data is damaged: a checkpoint is nested deeper than any that is saved.", {
      cause: error,
    });
  }
}

function decodeLinks(chain: readonly ChainLink[], isWanted: (link: ChainLink) => boolean): Checkpoint[] {
  const first = chain[0];
  if (first === undefined || first.record[0] !== 0) {
    throw new CheckpointError("CORRUPT_DATA", "Saved data is damaged: a checkpoint that others are stored as changes of is missing.");
  }
  const [, , , versions, seen, values] = first.record as SnapshotRecord;
  const restore = restoreVersions(first.id);
  const parts = {
    values: new Folding({ ...values }),
    versions: new Folding(mapVersions(versions, restore)),
    seen: new Folding(mapVersions(seen, restore)),
  };
  const from = chain.findIndex(isWanted);
  const [versionsFrom, seenFrom] = [lastWhole(chain, from, 3), lastWhole(chain, from, 4)];
  const found: Checkpoint[] = [];
  for (let at = 0; at < chain.length; at++) {
    const link = chain[at]!;
    if (at > 0) {
      applyLink(link, parts.values);
      if (at >= versionsFrom) applyVersions(link, chain[at - 1]!, 3, parts.versions);
      if (at >= seenFrom) applyVersions(link, chain[at - 1]!, 4, parts.seen);
    }
    if (at >= from && isWanted(link)) found.push(checkpointOf(link, parts, at === chain.length - 1));
  }
  return found;
}

interface Parts {
  readonly values: Folding;
  readonly versions: Folding;
  readonly seen: Folding;
}

/** @param isLast true where nothing is folded any more, so that nothing need be copied */
function checkpointOf({ id, record }: ChainLink, { values, versions, seen }: Parts, isLast: boolean): Checkpoint {
  const [, v, ts, , , , extra] = record;
  const checkpoint: Checkpoint = {
    v,
    id,
    ts,
    channel_values: isLast ? asObject(values.value) : valuesOf(values),
    channel_versions: versionsOf(versions, isLast) as ChannelVersions,
    versions_seen: versionsOf(seen, isLast) as Record<string, ChannelVersions>,
  };
  return extra === undefined ? checkpoint : { ...checkpoint, ...extra };
}

function valuesOf(values: Folding): Record<string, unknown> {
  const snapshot = asObject(values.snapshot());
  return snapshot === values.value ? { ...snapshot } : snapshot;
}

function versionsOf({ value }: Folding, isLast: boolean): Record<string, unknown> {
  return isLast ? asObject(value) : mapVersions(asObject(value), (version) => version);
}

function asObject(value: unknown): Record<string, unknown> {
  if (isPlainObject(value)) return value;
  throw new CheckpointError("CORRUPT_DATA", "Saved data is damaged: a part of a stored checkpoint is not an object.");
}

function applyLink({ record }: ChainLink, values: Folding): void {
  if (record[0] !== 1) throw new CheckpointError("CORRUPT_DATA", "Saved data is damaged: a whole checkpoint is marked as a change.");
  if (record[5] !== null) values.apply(record[5]);
}

function applyVersions({ id, record }: ChainLink, before: ChainLink, part: 3 | 4, versions: Folding): void {
  const patch = record[part] as Patch | null;
  if (patch === null) return;
  const restore = restoreVersions(id, before.id);
  // Nearly always: a step has written some channels, for which its own id stands.
  if (patch[0] === "o" && patch.length === 2) versions.assign(patch[1], (value) => mapEach(value, restore));
  else versions.apply(mapPatchVersions(patch, restore));
}

/**
 * The last link, up to the first that is wanted, whose patch stands alone: what came before it says nothing about the result. Where every channel is
 * written, that is the first that is wanted.
 */
function lastWhole(chain: readonly ChainLink[], wanted: number, part: 3 | 4): number {
  for (let at = wanted; at > 1; at--) if ((chain[at]?.record[part] as Patch | null)?.[0] === "=") return at;
  return 1;
}

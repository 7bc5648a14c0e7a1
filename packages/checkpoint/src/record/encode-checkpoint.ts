import { CheckpointError } from "../checkpoint-error.js";
import { diff } from "../patch/diff.js";
import { diffChannels } from "../patch/diff-channels.js";
import { MIN_MOVED, moveOut } from "../patch/move-out.js";
import type { Difference, Patch } from "../patch/patch.js";
import { isPlainObject } from "../patch/plain.js";
import { roughSize } from "../patch/rough-size.js";
import { shouldSnapshot } from "../patch/should-snapshot.js";
import type { DataPlace } from "../serde/data-place.js";
import type { Serializer } from "../serde/serializer.js";
import type { ChannelVersions, Checkpoint } from "../types.js";
import { CHECKPOINT_FIELDS, type CheckpointRecord, type PatchRecord, type RecordSizes, type SnapshotRecord } from "./checkpoint-record.js";
import { checkpointPlace } from "./data-places.js";
import type { ParentContent } from "./parent-content.js";
import { isReserved } from "./reserved-channel.js";
import { isChannelAsStored, isPartAsStored, rememberShapes } from "./stored-shapes.js";
import type { ThreadLine } from "./thread-point.js";
import { mapPatchVersions, mapVersions, shortenVersions } from "./version-references.js";

/** The parent as a patch needs it: its sizes in the storage, and its content. */
export interface ParentRecord {
  readonly sizes: RecordSizes;
  /** The parent's content; of `channel_values` only the keys count where `knowsValues` is false. */
  readonly content: ParentContent;
  /** False if the values are not at hand: channels that were written are then stored whole. */
  readonly knowsValues: boolean;
}

export interface EncodedCheckpoint {
  /** Whether `data` is a patch on the parent; otherwise it stands alone. */
  readonly isPatch: boolean;
  readonly data: string | Uint8Array;
  readonly sizes: RecordSizes;
}

/**
 * Encodes a checkpoint for storage: as a patch on its parent where that is possible and worth it, else whole.
 * @param line where it will stand.
 * @param parent undefined if the parent is unknown or not in the storage.
 * @throws CheckpointError UNSERIALIZABLE with the path of a value that cannot be saved, INVALID_ARGUMENT if it is no checkpoint.
 */
export function encodeCheckpoint(
  serializer: Serializer,
  line: ThreadLine,
  checkpoint: Checkpoint,
  parent?: ParentRecord,
): EncodedCheckpoint {
  checkShape(checkpoint);
  if (parent !== undefined && parent.sizes.liveSize > SMALL) {
    const { channel_values, channel_versions } = checkpoint;
    const written = writtenOf(Object.keys(channel_values), parent.content.channel_versions, channel_versions);
    const patched = encodePatch(serializer, line, checkpoint, parent, written);
    if (!shouldSnapshot(patched.sizes)) {
      rememberShapes(checkpoint, written);
      return patched;
    }
  }
  const whole = encodeSnapshot(serializer, line, checkpoint);
  // After a small one comes no change of it, so that nobody will ask.
  if (whole.sizes.liveSize > SMALL) rememberShapes(checkpoint);
  return whole;
}

/** A state of so many characters takes hardly more than a change of it, and is read without others. */
export const SMALL = 256;

function checkShape(checkpoint: Checkpoint): void {
  const { channel_values, channel_versions, versions_seen } = checkpoint;
  if (isPlainObject(channel_values) && isPlainObject(channel_versions) && isPlainObject(versions_seen)) return;
  throw new CheckpointError(
    "INVALID_ARGUMENT",
    "put() needs a checkpoint of LangGraph's format, with channel_values, channel_versions and versions_seen as plain objects.",
  );
}

function encodeSnapshot(serializer: Serializer, line: ThreadLine, checkpoint: Checkpoint): EncodedCheckpoint {
  const shorten = shortenVersions(checkpoint.id);
  const record: SnapshotRecord = [
    0,
    checkpoint.v,
    checkpoint.ts,
    mapVersions(checkpoint.channel_versions, shorten),
    mapVersions(checkpoint.versions_seen, shorten),
    checkpoint.channel_values,
    ...extraOf(checkpoint),
  ];
  const data = dumpRecord(serializer, record, () => checkpoint, checkpointPlace(line, checkpoint.id));
  return { isPatch: false, data, sizes: { liveSize: data.length, chainSize: data.length, patchCount: 0 } };
}

/** Channels that were written between two checkpoints. */
const writtenOf = (channels: readonly string[], before: ChannelVersions, after: ChannelVersions): string[] =>
  channels.filter((channel) => isWritten(channel, before, after));

/** The version decides; a channel without one counts as written. */
function isWritten(channel: string, before: ChannelVersions, after: ChannelVersions): boolean {
  const version: unknown = after[channel];
  return version !== before[channel] || (typeof version !== "string" && typeof version !== "number");
}

function encodePatch(
  serializer: Serializer,
  line: ThreadLine,
  checkpoint: Checkpoint,
  parent: ParentRecord,
  written: readonly string[],
): EncodedCheckpoint {
  const { content, sizes, knowsValues } = parent;
  const shorten = shortenVersions(checkpoint.id, content.id);
  const versions = changeOf(checkpoint.channel_versions, diff(content.channel_versions, checkpoint.channel_versions));
  const seen = changeOf(checkpoint.versions_seen, diff(content.versions_seen, checkpoint.versions_seen));
  const difference = diffChannels(content.channel_values, checkpoint.channel_values, {
    written,
    isAsStored: (channel) => isChannelAsStored(content.channel_values[channel], content.channel_versions[channel]),
    isPartAsStored,
  });
  const removed = difference === undefined ? sizes.liveSize : knowsValues ? roughSize(difference.dropped) : undefined;
  const { patch: values, size: moved } = withoutMoved(content, checkpoint, changeOf(checkpoint.channel_values, difference), removed);
  const record: PatchRecord = [
    1,
    checkpoint.v,
    checkpoint.ts,
    versions === null ? null : mapPatchVersions(versions, shorten),
    seen === null ? null : mapPatchVersions(seen, shorten),
    values,
    ...extraOf(checkpoint),
  ];
  const data = dumpRecord(serializer, record, () => checkpoint, checkpointPlace(line, checkpoint.id, content.id));
  return { isPatch: true, data, sizes: patchSizes(record, data, sizes, { removed, moved }) };
}

/** Sizes after a patch. @param changed rough sizes of what it drops (undefined if that is not known) and of what it refers to */
export function patchSizes(
  record: PatchRecord,
  data: string | Uint8Array,
  before: RecordSizes,
  { removed, moved }: { readonly removed: number | undefined; readonly moved: number },
): RecordSizes {
  const added = data.length + moved - HEAD_SIZE - roughSize(record[3]) - roughSize(record[4]);
  return {
    liveSize: Math.max(added, before.liveSize + added - (removed ?? added)),
    chainSize: before.chainSize + data.length,
    patchCount: before.patchCount + 1,
  };
}

/**
 * An input is stored while it waits, in a channel of the runtime's own, and its parts stand elsewhere once it is applied: they are not stored
 * again. Other channels are left out: what nodes reach may have been changed in place.
 */
function withoutMoved(before: ParentContent, { channel_versions }: Checkpoint, patch: Patch | null, removed = 0) {
  if (patch === null || removed < MIN_MOVED) return { patch, size: 0 };
  const own = Object.keys(before.channel_values).filter(isReserved);
  return moveOut(before.channel_values, patch, writtenOf(own, before.channel_versions, channel_versions));
}

/** Kind, format version, time and commas of a patch record. */
const HEAD_SIZE = 45;

function changeOf(after: unknown, difference: Difference | undefined): Patch | null {
  if (difference === undefined) return ["=", after];
  const { patch } = difference;
  const isEmpty = patch[0] === "o" && patch.length === 2 && Object.keys(patch[1]).length === 0;
  return isEmpty ? null : patch;
}

/** Fields of other runtimes, kept as they are. */
function extraOf(checkpoint: Checkpoint): [] | [Record<string, unknown>] {
  const keys = Object.keys(checkpoint);
  if (keys.length <= CHECKPOINT_FIELDS.size) return [];
  return [Object.fromEntries(Object.entries(checkpoint).filter(([key]) => !CHECKPOINT_FIELDS.has(key)))];
}

/** Encodes a record. @param whole the checkpoint, as its caller knows it */
export function dumpRecord(
  serializer: Serializer,
  record: CheckpointRecord,
  whole: () => Checkpoint,
  place: DataPlace,
): string | Uint8Array {
  try {
    return serializer.dumps(record, place);
  } catch (error) {
    // The path in the message starts at the record: say it again as the caller knows the value.
    serializer.dumps(whole(), place);
    throw error;
  }
}

import { diffChannel } from "../patch/diff-channels.js";
import { MIN_MOVED, moveOut } from "../patch/move-out.js";
import type { ObjectPatch, Patch } from "../patch/patch.js";
import { roughSize } from "../patch/rough-size.js";
import { shouldSnapshot } from "../patch/should-snapshot.js";
import type { Serializer } from "../serde/serializer.js";
import { ABSENT, type CheckpointChange, type CheckpointColumns, FORMAT } from "./checkpoint-columns.js";
import type { PatchRecord, RecordSizes, SnapshotRecord } from "./checkpoint-record.js";
import { checkpointPlace } from "./data-places.js";
import { dumpRecord, type EncodedCheckpoint, patchSizes, SMALL } from "./encode-checkpoint.js";
import { isReserved } from "./reserved-channel.js";
import { isChannelAsStored, isPartAsStored, rememberShape } from "./stored-shapes.js";
import type { ThreadLine } from "./thread-point.js";
import { mapVersions, shortenVersions } from "./version-references.js";

/**
 * Encodes a checkpoint by what was written since its parent; the same record as `encodeCheckpoint` makes, at a cost that does not depend on the channels
 * that stayed as they were.
 * @param sizes of the parent, as it is stored
 */
export function encodeChange(serializer: Serializer, line: ThreadLine, change: CheckpointChange, sizes: RecordSizes): EncodedCheckpoint {
  const { checkpoint, written } = change;
  if (sizes.liveSize > SMALL && canBeNamed(change)) {
    const patched = encodePatch(serializer, line, change, sizes);
    if (!shouldSnapshot(patched.sizes)) {
      for (const at of written) rememberAt(checkpoint, at);
      return patched;
    }
  }
  const whole = encodeWhole(serializer, line, checkpoint);
  if (whole.sizes.liveSize > SMALL) {
    for (let at = 0; at < checkpoint.values.length; at++) rememberAt(checkpoint, at);
  }
  return whole;
}

/** A patch that sets this one name would be refused. */
const canBeNamed = ({ written, checkpoint: { shape } }: CheckpointChange): boolean =>
  written.every((at) => shape.channels[at] !== "__proto__");

const rememberAt = ({ shape, values, versions }: CheckpointColumns, at: number): void =>
  rememberShape(shape.channels[at]!, values[at], versions[at]);

function encodeWhole(serializer: Serializer, line: ThreadLine, checkpoint: CheckpointColumns): EncodedCheckpoint {
  const { id, ts } = checkpoint;
  const shorten = shortenVersions(id);
  const seen = checkpoint.seen === undefined ? {} : mapVersions(checkpoint.seen, shorten);
  const record: SnapshotRecord = [0, FORMAT, ts, checkpoint.namedVersions(shorten), seen, checkpoint.namedValues()];
  const data = dumpRecord(serializer, record, () => checkpoint.whole(), checkpointPlace(line, id));
  return { isPatch: false, data, sizes: { liveSize: data.length, chainSize: data.length, patchCount: 0 } };
}

function encodePatch(serializer: Serializer, line: ThreadLine, change: CheckpointChange, sizes: RecordSizes): EncodedCheckpoint {
  const { checkpoint, base, written } = change;
  const { channels } = checkpoint.shape;
  const shorten = shortenVersions(checkpoint.id, base.id);
  const versions: Record<string, unknown> = {};
  for (const at of written) versions[channels[at]!] = shorten(checkpoint.versions[at]);
  const dropped: unknown[] = [];
  const difference = patchOf(change, dropped);
  const removed = roughSize(dropped);
  const { patch: values, size: moved } = withoutMoved(change, difference, removed);
  const record: PatchRecord = [1, FORMAT, checkpoint.ts, written.length === 0 ? null : ["o", versions], null, values];
  const data = dumpRecord(serializer, record, () => checkpoint.whole(), checkpointPlace(line, checkpoint.id, base.id));
  return { isPatch: true, data, sizes: patchSizes(record, data, sizes, { removed, moved }) };
}

/** What the written channels hold now: set, or changed inside. */
function patchOf({ checkpoint, base, written }: CheckpointChange, dropped: unknown[]): ObjectPatch | null {
  const { channels } = checkpoint.shape;
  const set: Record<string, unknown> = {};
  let nested: Record<string, Patch> | undefined;
  for (const at of written) {
    const before = base.values[at];
    const after = checkpoint.values[at];
    if (after === ABSENT) continue;
    const isNew = at >= base.values.length;
    const patch = isNew ? undefined : diffChannel(before, after, dropped, isChannelAsStored(before, base.versions[at]), isPartAsStored);
    if (patch !== undefined) {
      nested ??= {};
      nested[channels[at]!] = patch;
    } else {
      set[channels[at]!] = after;
      if (!isNew) dropped.push(before);
    }
  }
  if (nested !== undefined) return ["o", set, nested];
  return Object.keys(set).length === 0 ? null : ["o", set];
}

/** As in `encodeCheckpoint`: an input that waited is not stored again once it is applied. */
function withoutMoved({ base, written }: CheckpointChange, patch: Patch | null, removed: number) {
  if (patch === null || removed < MIN_MOVED) return { patch, size: 0 };
  const { channels } = base.shape;
  const own = written.filter((at) => at < channels.length && base.values[at] !== ABSENT && isReserved(channels[at]!));
  const before = Object.fromEntries(own.map((at) => [channels[at]!, base.values[at]]));
  return moveOut(before, patch, Object.keys(before));
}

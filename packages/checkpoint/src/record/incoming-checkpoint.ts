import { CheckpointError } from "../checkpoint-error.js";
import type { Serializer } from "../serde/serializer.js";
import type { ChannelVersions, Checkpoint } from "../types.js";
import { changeOf } from "./checkpoint-columns.js";
import type { RecordSizes } from "./checkpoint-record.js";
import { describeValue } from "./describe-value.js";
import { encodeChange } from "./encode-change.js";
import { type EncodedCheckpoint, encodeCheckpoint } from "./encode-checkpoint.js";
import { contentOf, type ParentContent } from "./parent-content.js";
import type { ThreadLine } from "./thread-point.js";

/** The parent in the storage. */
export interface StoredParent {
  readonly sizes: RecordSizes;
  /** Its content, where the caller did not bring it; `baseId` tells. Its values count for nothing. */
  readonly content?: ParentContent | undefined;
}

/** A checkpoint on its way into a storage. */
export interface IncomingCheckpoint {
  readonly id: string;
  /** The parent that the caller brought; undefined if it brought none. */
  readonly baseId: string | undefined;
  /** Encodes it: as a change of the parent, or whole where that is better, or there is none. */
  encode(serializer: Serializer, line: ThreadLine, parent: StoredParent | undefined): EncodedCheckpoint;
  /** What the next checkpoint needs of it, if its caller brings no parent. */
  content(): ParentContent;
}

/** What `put` was given. */
export function incomingCheckpoint(
  checkpoint: Checkpoint,
  newVersions: ChannelVersions,
  parent: Checkpoint | undefined,
): IncomingCheckpoint {
  if (typeof checkpoint !== "object" || checkpoint === null)
    throw new CheckpointError("INVALID_ARGUMENT", `put() needs a checkpoint, not ${describeValue(checkpoint)}.`);
  // One that is none counts as not brought.
  const base = typeof parent === "object" && parent !== null ? parent : undefined;
  const change = changeOf(checkpoint, base, newVersions);
  return {
    id: checkpoint.id,
    baseId: base?.id,
    encode(serializer, line, stored) {
      const content = stored?.content ?? base;
      if (stored === undefined || content === undefined) return encodeCheckpoint(serializer, line, checkpoint);
      const { sizes } = stored;
      const isBrought = stored.content === undefined;
      if (change !== undefined && isBrought) return encodeChange(serializer, line, change, sizes);
      return encodeCheckpoint(serializer, line, checkpoint, { sizes, content, knowsValues: isBrought });
    },
    content: () => contentOf(checkpoint),
  };
}

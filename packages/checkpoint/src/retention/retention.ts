import type { CheckpointRecord, RecordSizes } from "../record/checkpoint-record.js";

/** Says which checkpoints are not worth keeping: those that are neither among the newest `keepLast` nor younger than `olderThan`. */
export interface PruneOptions {
  /** Only this thread. Default: every thread. */
  readonly threadId?: string;
  /**
   * So many of the newest checkpoints of each line (a namespace of a thread) stay, whatever their age. Default 1. With 0, a thread none of whose
   * checkpoints stays is deleted, unless a question of it waits for its answer.
   */
  readonly keepLast?: number;
  /** Younger checkpoints stay: a Date, or ISO 8601. Their ids tell the time; one whose id does not is young. Default: age does not count. */
  readonly olderThan?: Date | string;
}

export interface PruneResult {
  /** Checkpoints that were deleted. */
  readonly checkpoints: number;
  /** Threads of which nothing is left. */
  readonly threads: number;
}

export interface StatsQuery {
  /** Only this thread. */
  readonly threadId?: string;
  /** Threads to list, the largest first. Default 100. */
  readonly limit?: number;
}

export interface ThreadStats {
  readonly threadId: string;
  readonly checkpoints: number;
  readonly writes: number;
  /** Length of the stored checkpoints, their metadata and writes, without the storage's own overhead. Journal and inbox are not counted. */
  readonly bytes: number;
}

export interface StorageStats extends Omit<ThreadStats, "threadId"> {
  readonly threads: number;
  /** The largest first. */
  readonly byThread: readonly ThreadStats[];
}

/** One piece of a thread on its way to another thread or storage. Made of values that the serializer can save; a line of JSON in an export. */
export type ThreadRecord =
  | {
      readonly kind: "checkpoint";
      readonly ns: string;
      readonly id: string;
      /** The parent in the same namespace, if it has one. A record that is a patch is one on this parent, which came before it. */
      readonly parentId?: string;
      readonly record: CheckpointRecord;
      readonly metadata: Readonly<Record<string, unknown>>;
      /** As the storage had them, in characters of its stored form; estimated where they are left out. */
      readonly sizes?: RecordSizes;
    }
  | {
      readonly kind: "write";
      readonly ns: string;
      readonly checkpointId: string;
      readonly taskId: string;
      /** Place among the task's writes; negative for reserved channels. */
      readonly index: number;
      readonly channel: string;
      readonly value: unknown;
      /** Set for decisions. */
      readonly revision?: number;
    };

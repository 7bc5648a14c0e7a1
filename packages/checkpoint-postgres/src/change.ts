import type { RecordSizes, ThreadLease } from "@holdpoint/checkpoint";
import type { KnownPoint, PointRow } from "./line-memory.js";
import type { Data } from "./stored-data.js";

/** Something that changes one thread, as it was handed in. */
export interface Change<T> {
  readonly threadId: string;
  /** How it goes with others; undefined for what always goes by itself. */
  readonly part: Part | undefined;
  /** What it returns once it went with others. */
  readonly value?: T;
  /** The checkpoint that it saves, by {@link pointKey}. */
  readonly makes?: string | undefined;
  /** The checkpoint that it stands on, or beside. If that one fails, so does this. */
  readonly needs?: string | undefined;
  /** Makes it by itself, and looks closely. */
  run(): Promise<T>;
}

/** A change in the form in which it goes with others. Nothing in it but the thread is waited for. */
export type Part = CheckpointPart | WritesPart | LeasePart | ReleasePart;

export interface CheckpointPart {
  readonly kind: "checkpoint";
  readonly ns: string;
  readonly id: string;
  readonly parentId: string | undefined;
  readonly parent: KnownPoint | undefined;
  readonly isPatch: boolean;
  readonly sizes: RecordSizes;
  readonly metadata: Data;
  readonly data: Data;
  /** To be filled in when it is committed. */
  readonly row: PointRow;
}

export interface WritesPart {
  readonly kind: "writes";
  readonly ns: string;
  readonly checkpointId: string;
  readonly taskId: string;
  readonly finishes: boolean;
  /** By their index. */
  readonly rows: readonly { readonly index: number; readonly channel: string; readonly data: Data }[];
}

export interface LeasePart {
  readonly kind: "lease";
  readonly lease: ThreadLease;
  readonly now: number;
}

export interface ReleasePart {
  readonly kind: "release";
  readonly leaseId: string;
}

/** Names a checkpoint within its thread. An id holds no NUL. */
export function pointKey(ns: string, id: string): string {
  return `${id}\0${ns}`;
}

/** Characters or bytes of a part's data. */
export function sizeOf(part: Part | undefined): number {
  if (part === undefined) return 0;
  if (part.kind === "checkpoint") return part.data.length + part.metadata.length;
  return part.kind === "writes" ? part.rows.reduce((sum, { data }) => sum + data.length, 0) : 0;
}

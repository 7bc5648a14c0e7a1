import { CheckpointError } from "../checkpoint-error.js";
import type { CheckpointConfig } from "../types.js";
import { describeValue } from "./describe-value.js";

/** A thread and a namespace in it. */
export interface ThreadLine {
  readonly threadId: string;
  readonly ns: string;
}

/** One checkpoint of a line. */
export interface ThreadPoint extends ThreadLine {
  readonly checkpointId: string;
}

/** @throws CheckpointError INVALID_CONFIG if an id is missing or not a text. */
export function requireLine(config: CheckpointConfig): ThreadLine {
  const threadId = readId(config, "thread_id");
  if (threadId === undefined) throw missing("thread_id");
  return { threadId, ns: readNamespace(config) ?? "" };
}

/** @throws CheckpointError INVALID_CONFIG if an id is missing or not a text. */
export function requirePoint(config: CheckpointConfig): ThreadPoint {
  const { threadId, ns } = requireLine(config);
  const checkpointId = readId(config, "checkpoint_id");
  if (checkpointId === undefined) throw missing("checkpoint_id");
  return { threadId, ns, checkpointId };
}

/** Reads an id that may be left out. An empty `checkpoint_id` is none; an empty `thread_id` is a mistake. */
export function readId(config: CheckpointConfig, key: "thread_id" | "checkpoint_id"): string | undefined {
  const id: unknown = config?.configurable?.[key];
  if (id === undefined || id === null || (id === "" && key === "checkpoint_id")) return undefined;
  if (typeof id === "string" && id !== "" && (key === "thread_id" || isUsableId(id))) return id;
  throw new CheckpointError(
    "INVALID_CONFIG",
    `configurable.${key} must be a non-empty string of well-formed text, not ${describeValue(id)}.`,
  );
}

/** Reads the namespace; undefined if the config names none. */
export function readNamespace(config: CheckpointConfig): string | undefined {
  const ns: unknown = config?.configurable?.checkpoint_ns;
  if (ns === undefined || ns === null) return undefined;
  if (typeof ns === "string") return ns;
  throw new CheckpointError("INVALID_CONFIG", `configurable.checkpoint_ns must be a string, not ${describeValue(ns)}.`);
}

/** @throws CheckpointError INVALID_ARGUMENT if it cannot be the id of a checkpoint to save. */
export function requireCheckpointId(id: unknown): string {
  if (isUsableId(id)) return id;
  throw new CheckpointError(
    "INVALID_ARGUMENT",
    `checkpoint.id must be a non-empty string of well-formed text, not ${describeValue(id)}. Make one with checkpointId().`,
  );
}

/** Names a checkpoint that was read or saved. @throws CheckpointError CORRUPT_DATA if the storage holds something else than text as its id */
export function configOf(threadId: string, ns: string, checkpointId: string): CheckpointConfig {
  if (typeof checkpointId !== "string") throw new CheckpointError("CORRUPT_DATA", "Saved data is damaged: a checkpoint's id is no text.");
  return { configurable: { thread_id: threadId, checkpoint_ns: ns, checkpoint_id: checkpointId } };
}

/** Checkpoint ids are ordered by the storage too, where NUL and lone surrogates have no place of their own. */
export function isUsableId(id: unknown): id is string {
  return typeof id === "string" && id !== "" && !UNSORTABLE.test(id);
}

/** @throws CheckpointError INVALID_ARGUMENT if it cannot be the name of a thread. */
export function requireThreadId(threadId: unknown): string {
  if (typeof threadId === "string" && threadId !== "") return threadId;
  throw new CheckpointError("INVALID_ARGUMENT", `A thread's id must be a non-empty string, not ${describeValue(threadId)}.`);
}

// In plain code units, which is several times as quick as looking for code points: ids are checked at every save.
const UNSORTABLE = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

function missing(key: string): CheckpointError {
  return new CheckpointError(
    "INVALID_CONFIG",
    `configurable.${key} is missing. Pass it with the config: { configurable: { ${key}: "…" } }.`,
  );
}

/** Where a new checkpoint will stand, and what it stands on. */
export interface NewPoint extends ThreadLine {
  readonly id: string;
  readonly parentId: string | undefined;
}

/** Reads where `put` is to save a checkpoint of this id. @throws CheckpointError INVALID_ARGUMENT, INVALID_CONFIG */
export function requireNewPoint(config: CheckpointConfig, checkpointId: unknown): NewPoint {
  const { threadId, ns } = requireLine(config);
  const id = requireCheckpointId(checkpointId);
  const parentId = readId(config, "checkpoint_id");
  if (parentId === id)
    throw new CheckpointError("INVALID_ARGUMENT", `The checkpoint ${id} cannot be its own parent. Give it an id of its own.`);
  return { threadId, ns, id, parentId };
}

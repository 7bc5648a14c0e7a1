import { isBranded } from "./describe-thrown.js";

export type CheckpointErrorCode =
  /** The config lacks `thread_id` or `checkpoint_id`, or holds something that is not a usable id. */
  | "INVALID_CONFIG"
  /** Another argument cannot be used as it is. */
  | "INVALID_ARGUMENT"
  /** A namespace of a store is none: not a list of texts, or one of them is empty. */
  | "INVALID_NAMESPACE"
  /** A value cannot be saved; the message holds its path. */
  | "UNSERIALIZABLE"
  /** Saved data is damaged, or was not written by a Holdpoint saver. */
  | "CORRUPT_DATA"
  /** The config names a checkpoint that is not in the storage. */
  | "UNKNOWN_CHECKPOINT"
  /** The thread that was named has no checkpoints in the storage. */
  | "UNKNOWN_THREAD"
  /** Another process held the storage for too long. Nothing was saved; try again. */
  | "STORAGE_BUSY"
  /** The storage failed: disk full, read only, gone. */
  | "STORAGE_FAILED"
  /** The saver was closed. */
  | "STORAGE_CLOSED"
  /** A newer version of Holdpoint wrote the database. */
  | "NEWER_DATABASE"
  /** No database driver is installed. */
  | "MISSING_DRIVER"
  /** Encrypted data was made with a key that the key ring does not have. */
  | "UNKNOWN_KEY"
  /** The saver or store does not have what was asked for. */
  | "UNSUPPORTED";

export interface CheckpointErrorOptions {
  readonly cause?: unknown;
  /** True if the same call may succeed later, unchanged. Default false. */
  readonly retryable?: boolean;
  /** Of damaged data: where it stands. */
  readonly place?: CheckpointErrorPlace;
}

/** Thread, namespace and checkpoint of saved data, as far as they are known. */
export interface CheckpointErrorPlace {
  readonly threadId: string;
  readonly ns?: string;
  readonly checkpointId?: string;
}

const BRAND = Symbol.for("holdpoint.checkpoint.error");

/**
 * Reports what a saver or the serializer could not do: a `code` to act on, and a message with the fact and the remedy.
 *
 * @example
 * try { await saver.put(config, checkpoint, metadata, {}); }
 * catch (error) { if (!CheckpointError.is(error, "STORAGE_BUSY")) throw error; }
 */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";
  readonly code: CheckpointErrorCode;
  /** True if the same call may succeed later, unchanged. */
  readonly retryable: boolean;
  /** Of CORRUPT_DATA and UNKNOWN_KEY, where a saver knows it: the thread, namespace and checkpoint of the data. */
  declare readonly place?: CheckpointErrorPlace;

  constructor(code: CheckpointErrorCode, message: string, options: CheckpointErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.retryable = options.retryable ?? false;
    if (options.place !== undefined) this.place = options.place;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Tells whether `error` is a CheckpointError (of that code, if given), also one of another installed copy of this package. */
  static is(error: unknown, code?: CheckpointErrorCode): error is CheckpointError {
    if (!isBranded(error, BRAND)) return false;
    return code === undefined || (error as { code?: unknown }).code === code;
  }
}

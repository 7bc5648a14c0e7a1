import type { DataPlace } from "../serde/data-place.js";
import type { ThreadLine, ThreadPoint } from "./thread-point.js";

// Where each piece that a saver stores belongs. Parts of an `item` cannot run into each other: lengths go before texts.

/** Place of a checkpoint's own data. `baseId` is the checkpoint that it is stored as a change of: on another one it would mean something else. */
export function checkpointPlace({ threadId, ns }: ThreadLine, checkpointId: string, baseId?: string): DataPlace {
  return baseId === undefined
    ? { part: "checkpoint", threadId, ns, checkpointId }
    : { part: "checkpoint", threadId, ns, checkpointId, item: baseId };
}

export function metadataPlace({ threadId, ns }: ThreadLine, checkpointId: string): DataPlace {
  return { part: "metadata", threadId, ns, checkpointId };
}

/** Place of a task's write. The channel is part of it: under another name the value would reach another part of the state. */
export function writePlace({ threadId, ns, checkpointId }: ThreadPoint, taskId: string, index: number, channel: string): DataPlace {
  return { part: "write", threadId, ns, checkpointId, item: `${index} ${channel.length} ${channel}${taskId}` };
}

export function decisionPlace({ threadId, ns, checkpointId }: ThreadPoint, interruptId: string): DataPlace {
  return { part: "decision", threadId, ns, checkpointId, item: interruptId };
}

/** Place of what an inbox shows of a question. */
export function questionPlace({ threadId, ns, checkpointId }: ThreadPoint, interruptId: string): DataPlace {
  return { part: "question", threadId, ns, checkpointId, item: interruptId };
}

/** Place of an entry's data. Its number is not part of it: that is given when the entry is appended, and the chain of hashes keeps the order. */
export function journalPlace(threadId: string, at: string, kind: string): DataPlace {
  return { part: "journal", threadId, item: `${at.length} ${at}${kind}` };
}

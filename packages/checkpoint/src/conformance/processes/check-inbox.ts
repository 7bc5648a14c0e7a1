import assert from "node:assert/strict";
import type { CheckpointSaver, CheckpointTuple } from "../../types.js";
import { THREAD } from "./crash-script.js";

/** The inbox's index follows from the writes: it changes with them, or not at all. Takes the root checkpoints, newest first. */
export async function checkInbox(saver: CheckpointSaver, tuples: readonly CheckpointTuple[]): Promise<void> {
  const expected: Record<string, string> = {};
  const newest = tuples[0]?.checkpoint.id;
  for (const tuple of tuples) {
    const answered = new Set(valuesOf(tuple, "__resume__").map((decision) => (decision as { interruptId: string }).interruptId));
    for (const { id } of valuesOf(tuple, "__interrupt__").flat() as { id: string }[]) {
      expected[id] = answered.has(id) ? "decided" : tuple.checkpoint.id === newest ? "pending" : "closed";
    }
  }
  const found: Record<string, string> = {};
  for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
    const page = await saver.listInterrupts!({ status: "any", threadId: THREAD, before: cursor, limit: 1000 });
    for (const { id, status } of page.items) found[id] = status;
    cursor = page.next;
  }
  assert.deepEqual(found, expected, "the inbox and the saved questions differ");
}

function valuesOf(tuple: CheckpointTuple, channel: string): unknown[] {
  return (tuple.pendingWrites ?? []).filter(([, name]) => name === channel).map(([, , value]) => value);
}

import { type CheckpointPendingWrite, WRITES_IDX_MAP } from "@holdpoint/checkpoint";

/**
 * Sorts writes the way LangGraph wants to read them: by task id, and those of one task by their index. Its savers may also keep a task's path, by
 * which it sorts first; ours keep none, as its SqliteSaver.
 */
export function inWriteOrder(writes: readonly CheckpointPendingWrite[]): CheckpointPendingWrite[] {
  // A stable sort: the writes of one task come in their order, apart from those with a reserved index.
  return writes.toSorted((a, b) => compareTexts(a[0], b[0]) || reservedIndex(a[1]) - reservedIndex(b[1]));
}

function reservedIndex(channel: string): number {
  return Object.hasOwn(WRITES_IDX_MAP, channel) ? WRITES_IDX_MAP[channel]! : 0;
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

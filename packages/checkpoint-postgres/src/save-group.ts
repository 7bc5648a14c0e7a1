import { toKeyText } from "@holdpoint/checkpoint";
import type { CheckpointPart } from "./change.js";
import type { Session } from "./connection.js";
import { type Grouped, GroupParameters, type GroupRow } from "./group-parameters.js";
import type { KnownPoint } from "./line-memory.js";
import { SQL } from "./statements.js";
import { toStored } from "./stored-data.js";
import type { Turns } from "./turn.js";

/** The parameters of `hp.put_checkpoint` and of `hp.save_checkpoint`. */
export function checkpointParameters(turns: Turns, threadId: string, part: Omit<CheckpointPart, "kind" | "row">): unknown[] {
  const { ns, parent, parentId, id, isPatch, sizes, metadata, data } = part;
  return [
    ...turns.of(threadId),
    ...[toKeyText(threadId), toKeyText(ns)],
    ...[parent?.row.line, parent?.row.pk, parentId, id],
    ...[isPatch, sizes.liveSize, sizes.chainSize, sizes.patchCount],
    ...toStored(metadata),
    ...toStored(data),
  ];
}

/**
 * Makes the changes of a group in one statement, or none of them, and fills in where its checkpoints stand. Waits for no turn at a thread.
 * @returns of each change whether it was made; where not, it needs a closer look
 */
export async function saveGroup(session: Session, turns: Turns, group: readonly Grouped[]): Promise<readonly boolean[]> {
  const [only] = group;
  if (group.length === 1 && only?.part.kind === "checkpoint") return [await saveOne(session, turns, only.threadId, only.part)];
  const parameters = new GroupParameters(group);
  const row = await session.get<GroupRow>(SQL.saveGroup, ...parameters.values(turns));
  return row === undefined ? group.map(() => false) : parameters.take(row);
}

async function saveOne(session: Session, turns: Turns, threadId: string, part: CheckpointPart): Promise<boolean> {
  const { parent, row } = part;
  if (parent !== undefined) {
    const appended = await session.get<{ pk: number | null }>(SQL.appendCheckpoint, ...appendParameters(turns, threadId, part, parent));
    if (appended === undefined || appended.pk === null) return false;
    row.line = parent.row.line;
    row.pk = appended.pk;
    return true;
  }
  const saved = await session.get<{ line: number | null; pk: number | null }>(
    SQL.saveCheckpoint,
    ...checkpointParameters(turns, threadId, part),
  );
  if (saved === undefined || saved.line === null || saved.pk === null) return false;
  row.line = saved.line;
  row.pk = saved.pk;
  return true;
}

/** The parameters of `hp.append_checkpoint`. */
function appendParameters(turns: Turns, threadId: string, part: CheckpointPart, { row }: KnownPoint): unknown[] {
  const { parentId, id, isPatch, sizes } = part;
  const [metadata, metadataBytes] = toStored(part.metadata);
  const [data, bytes] = toStored(part.data);
  return [
    turns.keyOf(threadId),
    turns.wait,
    row.line,
    row.pk,
    parentId,
    id,
    isPatch,
    sizes.liveSize,
    sizes.chainSize,
    sizes.patchCount,
    metadata,
    metadataBytes,
    data,
    bytes,
  ];
}

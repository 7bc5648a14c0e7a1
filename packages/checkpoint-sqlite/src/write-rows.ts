import type { ThreadPoint } from "@holdpoint/checkpoint";
import type { Connection } from "./connection.js";
import { toKeyText } from "./key-text.js";
import type { SqliteValue } from "./sqlite-handle.js";
import { SQL } from "./statements.js";
import type { Rows } from "./write-queue.js";

/** By how many rows they add, most first. One that adds sixteen costs half as much a row as one that adds one. */
const STATEMENTS = [16, 4, 1].map((size) => ({ size, sql: SQL.addWrites(size) }));

/** Results of a task, to be added beside a checkpoint together with those of other tasks. */
export class WriteRows implements Rows {
  constructor(
    private readonly connection: Connection,
    private readonly point: ThreadPoint,
    private readonly task: string,
    private readonly writes: readonly { readonly index: number; readonly channel: string; readonly data: string | Uint8Array }[],
  ) {}

  get values(): readonly (readonly SqliteValue[])[] {
    return this.writes.map(({ index, channel, data }) => [index, this.task, toKeyText(channel), data]);
  }

  isBeside({ point }: WriteRows): boolean {
    const { threadId, ns, checkpointId } = this.point;
    return point.checkpointId === checkpointId && point.threadId === threadId && point.ns === ns;
  }

  addAll(rows: readonly (readonly SqliteValue[])[]): boolean {
    const { threadId, ns, checkpointId } = this.point;
    const row = this.connection.get<{ pk: number }>(SQL.findPoint, toKeyText(threadId), toKeyText(ns), checkpointId);
    if (row === undefined) return false;
    let at = 0;
    for (const { size, sql } of STATEMENTS) {
      for (; rows.length - at >= size; at += size)
        this.connection.run(sql, ...rows.slice(at, at + size).flatMap((values) => [row.pk, ...values]));
    }
    return true;
  }
}

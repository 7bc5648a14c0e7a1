import { fromKeyText, resolveStats, type StatsQuery, type StorageStats, toKeyText } from "@holdpoint/checkpoint";
import type { Session } from "./connection.js";
import { threadStats } from "./statements.js";

interface StatsRow {
  readonly thread: string;
  readonly checkpoints: number;
  readonly writes: number;
  readonly bytes: number;
  readonly threads: number;
  readonly allCheckpoints: number;
  readonly allWrites: number;
  readonly allBytes: number;
}

/** Counts what is stored. Looks at every row of what it counts. */
export async function readStats(session: Session, query?: StatsQuery): Promise<StorageStats> {
  const { threadId, limit } = resolveStats(query);
  const thread = threadId === undefined ? [] : [toKeyText(threadId)];
  const rows = await session.all<StatsRow>(threadStats(threadId !== undefined), Math.max(limit, 1), ...thread);
  const { threads = 0, allCheckpoints = 0, allWrites = 0, allBytes = 0 } = rows[0] ?? {};
  const byThread = rows.slice(0, limit).map(({ checkpoints, writes, bytes, ...row }) => {
    return { threadId: fromKeyText(row.thread), checkpoints, writes, bytes };
  });
  return { threads, checkpoints: allCheckpoints, writes: allWrites, bytes: allBytes, byThread };
}

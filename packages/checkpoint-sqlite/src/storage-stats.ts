import { resolveStats, type StatsQuery, type StorageStats } from "@holdpoint/checkpoint";
import type { Connection } from "./connection.js";
import { fromKeyText, toKeyText } from "./key-text.js";
import { threadStats } from "./stats-statement.js";

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
export function readStats(connection: Connection, query?: StatsQuery): StorageStats {
  const { threadId, limit } = resolveStats(query);
  const thread = threadId === undefined ? [] : [toKeyText(threadId), toKeyText(threadId)];
  const rows = connection.all<StatsRow>(threadStats(threadId !== undefined), ...thread, Math.max(limit, 1));
  const { threads = 0, allCheckpoints = 0, allWrites = 0, allBytes = 0 } = rows[0] ?? {};
  const byThread = rows.slice(0, limit).map(({ checkpoints, writes, bytes, ...row }) => {
    return { threadId: fromKeyText(row.thread), checkpoints, writes, bytes };
  });
  return { threads, checkpoints: allCheckpoints, writes: allWrites, bytes: allBytes, byThread };
}

import { CheckpointError, type ThreadStats } from "@holdpoint/checkpoint";
import type { Command } from "../command.js";
import { plural } from "../output/plural.js";
import { printable } from "../output/printable.js";
import { table } from "../output/table.js";
import { writeText } from "../output/write-text.js";
import { countOption, flagOption, textOption } from "../read-option.js";
import { openStorage, type Storage } from "../storage/open-storage.js";

const DEFAULT_LIMIT = 100;

interface ListedThread extends ThreadStats {
  /** When its newest checkpoint was made, ISO 8601; null if there is none, or it cannot be read. */
  readonly newest: string | null;
  /** Questions that wait for an answer. */
  readonly waiting: number | null;
}

export const list: Command = {
  name: "list",
  takes: "<storage>",
  summary: "lists threads, the largest first",
  help: "For each thread: its checkpoints and writes, the bytes that they take, when the newest checkpoint was made, and how\nmany questions wait for an answer (at most 1,000 are counted).",
  options: { limit: { type: "string" }, json: { type: "boolean" }, keys: { type: "string" } },
  positionals: { least: 1, most: 1 },
  async run({ streams, positionals: [where = ""], options }) {
    const limit = countOption(options, "limit") ?? DEFAULT_LIMIT;
    const storage = await openStorage(where, { keys: textOption(options, "keys") });
    try {
      const { threads, byThread } = await storage.saver.stats({ limit });
      const rows: ListedThread[] = [];
      for (const stats of byThread) rows.push(await describe(storage.saver, stats));
      await writeText(
        streams.stdout,
        flagOption(options, "json") ? `${JSON.stringify({ threads, listed: rows })}\n` : asText(threads, rows),
      );
      return 0;
    } finally {
      await storage.close();
    }
  },
};

async function describe(saver: Storage, stats: ThreadStats): Promise<ListedThread> {
  const { threadId } = stats;
  return {
    ...stats,
    newest: await orNull(async () => (await saver.getTuple({ configurable: { thread_id: threadId } }))?.checkpoint.ts ?? null),
    waiting: await orNull(async () => (await saver.listInterrupts({ threadId, limit: 1000 })).items.length),
  };
}

/** A damaged thread must not keep the others from being listed; `verify` tells what is wrong with it. */
async function orNull<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (CheckpointError.is(error, "CORRUPT_DATA") || CheckpointError.is(error, "UNKNOWN_KEY")) return null;
    throw error;
  }
}

function asText(threads: number, rows: readonly ListedThread[]): string {
  if (threads === 0) return "No threads.\n";
  const cells = rows.map(({ threadId, checkpoints, writes, bytes, newest, waiting }) => {
    return [printable(threadId), checkpoints, writes, bytes, newest === null ? "?" : printable(newest), waiting ?? "?"];
  });
  const shown = table(["thread", "checkpoints", "writes", "bytes", "newest", "waiting"], cells);
  return `${shown}\n${threads > rows.length ? `… and ${plural(threads - rows.length, "more thread")}: --limit\n` : ""}`;
}

import { CheckpointError, MemorySaver, type PruneOptions, type PruneResult } from "@holdpoint/checkpoint";
import { CliError } from "../cli-error.js";
import type { CliStreams } from "../cli-streams.js";
import type { Command } from "../command.js";
import { plural } from "../output/plural.js";
import { Progress } from "../output/progress.js";
import { writeText } from "../output/write-text.js";
import { countOption, flagOption, textOption, timeOption } from "../read-option.js";
import { openStorage, type Storage } from "../storage/open-storage.js";
import { isEmptyThread, threadIds } from "../storage/thread-ids.js";

export const prune: Command = {
  name: "prune",
  takes: "<storage>",
  summary: "deletes old checkpoints, for good",
  help: "Deletes checkpoints that are neither among the newest --keep-last of their line (default 1), nor younger than --older-than (a\ntime, or an age such as 30d; by default age does not count). With --keep-last 0 whole threads go. Threads that a run has, and\ncheckpoints beside which a question waits, stay. One of the two options must be given. --dry-run says what would go.",
  options: {
    "keep-last": { type: "string" },
    "older-than": { type: "string" },
    thread: { type: "string" },
    "dry-run": { type: "boolean" },
    keys: { type: "string" },
  },
  positionals: { least: 1, most: 1 },
  async run({ streams, positionals: [where = ""], options }) {
    const keepLast = countOption(options, "keep-last");
    const olderThan = timeOption(options, "older-than", Date.now());
    if (keepLast === undefined && olderThan === undefined) throw new CliError("Say what may go: --keep-last, --older-than, or both.", 2);
    const storage = await openStorage(where, { keys: textOption(options, "keys") });
    try {
      const threadId = textOption(options, "thread");
      if (threadId !== undefined && (await isEmptyThread(storage.saver, threadId))) {
        throw new CliError(`There is no thread ${JSON.stringify(threadId)} in ${storage.name}.`);
      }
      const wanted: PruneOptions = { threadId, keepLast, olderThan };
      const dryRun = flagOption(options, "dry-run");
      const { checkpoints, threads } = dryRun ? await tryOut(storage.saver, wanted, streams) : await storage.saver.prune(wanted);
      const what = `${plural(checkpoints, "checkpoint")}, ${plural(threads, "whole thread")} among them,`;
      await writeText(streams.stdout, `${what} ${dryRun ? "would be" : "were"} deleted.\n`);
      return 0;
    } finally {
      await storage.close();
    }
  },
};

/** Prunes a copy of each thread in memory. Threads that a run has are counted too: a copy has no leases. */
async function tryOut(saver: Storage, wanted: PruneOptions, streams: CliStreams): Promise<PruneResult> {
  const ids = wanted.threadId === undefined ? await threadIds(saver) : [wanted.threadId];
  const progress = new Progress(streams);
  const sum = { checkpoints: 0, threads: 0 };
  for (const [done, id] of ids.entries()) {
    const copy = new MemorySaver();
    await copy.importThread(id, await readable(saver, id));
    const { checkpoints, threads } = await copy.prune({ ...wanted, threadId: id });
    sum.checkpoints += checkpoints;
    sum.threads += threads;
    progress.at(() => `looking: ${done} of ${ids.length} threads`);
  }
  progress.end();
  return sum;
}

async function readable(saver: Storage, threadId: string) {
  try {
    const records = [];
    for await (const record of saver.exportThread(threadId)) records.push(record);
    return records;
  } catch (error) {
    if (CheckpointError.is(error))
      throw new CliError(`The thread ${JSON.stringify(threadId)} cannot be read: ${error.message} (${error.code})`);
    throw error;
  }
}

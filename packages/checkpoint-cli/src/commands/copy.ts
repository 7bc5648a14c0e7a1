import { CliError } from "../cli-error.js";
import type { CliStreams } from "../cli-streams.js";
import type { Command } from "../command.js";
import { plural } from "../output/plural.js";
import { Progress } from "../output/progress.js";
import { flagOption, textOption } from "../read-option.js";
import { type OpenedStorage, openStorage } from "../storage/open-storage.js";
import { isEmptyThread, journalThreadIds, threadIds } from "../storage/thread-ids.js";
import { ImportReport } from "../transfer/import-report.js";
import { importThread } from "../transfer/import-thread.js";

export const copy: Command = {
  name: "copy",
  takes: "<from> <to> [thread…]",
  summary: "copies threads, or all of them, to another storage",
  help: "As export and import in one. From plain to encrypted, or from one key to another, with --to-keys. Leases and journals are not\ncopied: a journal cannot be written anew.",
  options: {
    "skip-existing": { type: "boolean" },
    "dry-run": { type: "boolean" },
    keys: { type: "string" },
    "to-keys": { type: "string" },
  },
  positionals: { least: 2, most: Number.POSITIVE_INFINITY },
  async run({ streams, positionals: [from = "", to = "", ...wanted], options }) {
    if (from === to) throw new CliError("Copy from one storage to another one.", 2);
    const dryRun = flagOption(options, "dry-run");
    const source = await openStorage(from, { keys: textOption(options, "keys") });
    try {
      const target = await openStorage(to, { absent: dryRun ? "empty" : "create", keys: textOption(options, "to-keys") });
      try {
        const skipExisting = flagOption(options, "skip-existing");
        return await copyThreads(source, target, wanted, { streams, dryRun, skipExisting });
      } finally {
        await target.close();
      }
    } finally {
      await source.close();
    }
  },
};

interface CopyOptions {
  readonly streams: CliStreams;
  readonly dryRun: boolean;
  readonly skipExisting: boolean;
}

async function copyThreads(
  source: OpenedStorage,
  target: OpenedStorage,
  wanted: readonly string[],
  { streams, dryRun, skipExisting }: CopyOptions,
): Promise<number> {
  for (const id of wanted)
    if (await isEmptyThread(source.saver, id)) throw new CliError(`There is no thread ${JSON.stringify(id)} in ${source.name}.`);
  const ids = wanted.length > 0 ? wanted : await threadIds(source.saver);
  const report = new ImportReport(streams, { verb: "copied", dryRun });
  const progress = new Progress(streams);
  for (const id of ids) {
    progress.at(() => `copying: ${report.done} of ${ids.length} threads`);
    const outcome = await importThread(target.saver, id, source.saver.exportThread(id), { skipExisting, dryRun });
    progress.end();
    report.add(id, outcome);
  }
  const journals = await journalThreadIds(source.saver);
  if (journals.length > 0) streams.stderr.write(`The ${plural(journals.length, "journal")} of ${source.name} stay where they are.\n`);
  return report.end();
}

import { createReadStream, statSync } from "node:fs";
import type { Readable } from "node:stream";
import { CliError } from "../cli-error.js";
import type { CliStreams } from "../cli-streams.js";
import type { Command } from "../command.js";
import { Progress } from "../output/progress.js";
import { flagOption, textOption } from "../read-option.js";
import { openStorage } from "../storage/open-storage.js";
import { ImportReport } from "../transfer/import-report.js";
import { importThread } from "../transfer/import-thread.js";
import { readExport } from "../transfer/read-export.js";

export const importThreads: Command = {
  name: "import",
  takes: "<storage> <file.jsonl | ->",
  summary: "takes in the threads of an export",
  help: "Each thread is imported as a whole or not at all, and only where it has nothing saved yet: others are failures, or are passed\nover with --skip-existing. A file that is cut off ends the import at the thread that it ends in. Imported questions wait again.",
  options: { "skip-existing": { type: "boolean" }, "dry-run": { type: "boolean" }, keys: { type: "string" } },
  positionals: { least: 2, most: 2 },
  async run({ streams, positionals: [where = "", from = ""], options }) {
    const input = openInput(from, streams);
    const dryRun = flagOption(options, "dry-run");
    const storage = await openStorage(where, { absent: dryRun ? "empty" : "create", keys: textOption(options, "keys") });
    const report = new ImportReport(streams, { verb: "imported", dryRun });
    const progress = new Progress(streams);
    try {
      for await (const { threadId, records } of readExport(input)) {
        const skipExisting = flagOption(options, "skip-existing");
        progress.end();
        report.add(threadId, await importThread(storage.saver, threadId, records, { skipExisting, dryRun }));
        progress.at(() => `importing: ${report.done} threads`);
      }
      progress.end();
      return await report.end();
    } finally {
      input.destroy();
      await storage.close();
    }
  },
};

function openInput(from: string, { stdin }: CliStreams): Readable {
  if (from === "-") return stdin;
  try {
    if (statSync(from).isFile()) return createReadStream(from);
  } catch {
    // Told below.
  }
  throw new CliError(`There is no file ${JSON.stringify(from)}.`);
}

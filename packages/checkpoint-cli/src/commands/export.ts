import { createWriteStream } from "node:fs";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { CliError } from "../cli-error.js";
import type { CliStreams } from "../cli-streams.js";
import type { Command } from "../command.js";
import { plural } from "../output/plural.js";
import { Progress } from "../output/progress.js";
import { writeText } from "../output/write-text.js";
import { textOption } from "../read-option.js";
import { openStorage, type Storage } from "../storage/open-storage.js";
import { isEmptyThread, threadIds } from "../storage/thread-ids.js";
import { headerLine, threadLines } from "../transfer/write-export.js";

export const exportThreads: Command = {
  name: "export",
  takes: "<storage> [thread…]",
  summary: "writes threads, or all of them, as JSON Lines",
  help: "Everything of a thread: checkpoints, writes, questions and answers, of graphs inside too; not its journal. To the standard\noutput, or to a new file with --out. An encrypted storage is written in plain text: keep the file accordingly.",
  options: { out: { type: "string" }, keys: { type: "string" } },
  positionals: { least: 1, most: Number.POSITIVE_INFINITY },
  async run({ streams, positionals: [where = "", ...wanted], options }) {
    const storage = await openStorage(where, { keys: textOption(options, "keys") });
    const path = textOption(options, "out");
    try {
      const ids = wanted.length > 0 ? wanted : await threadIds(storage.saver);
      for (const id of wanted)
        if (await isEmptyThread(storage.saver, id)) throw new CliError(`There is no thread ${JSON.stringify(id)} in ${storage.name}.`);
      if (path === undefined) await writeThreads(storage.saver, ids, streams.stdout, streams);
      else await writeFile(path, (file) => writeThreads(storage.saver, ids, file, streams));
      streams.stderr.write(`${plural(ids.length, "thread")} exported.\n`);
      return 0;
    } finally {
      await storage.close();
    }
  },
};

async function writeThreads(saver: Storage, ids: readonly string[], output: Writable, streams: CliStreams): Promise<void> {
  const progress = new Progress(streams);
  await writeText(output, headerLine());
  for (const [done, id] of ids.entries()) {
    for await (const line of threadLines(id, saver.exportThread(id))) {
      await writeText(output, line);
      progress.at(() => `exporting: ${done} of ${ids.length} threads`);
    }
  }
  progress.end();
}

/** A new file, for nobody else to read: it holds state in plain text. */
async function writeFile(path: string, write: (file: Writable) => Promise<void>): Promise<void> {
  const file = createWriteStream(path, { flags: "wx", mode: 0o600 });
  const done = finished(file);
  done.catch(() => undefined);
  try {
    await Promise.race([write(file), done]);
    file.end();
    await done;
  } catch (error) {
    file.destroy();
    throw fileError(path, error);
  }
}

function fileError(path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "EEXIST") return new CliError(`The file ${JSON.stringify(path)} is there already, and is not written over.`);
  return typeof code === "string" && /^E[A-Z]+$/.test(code)
    ? new CliError(`The file ${JSON.stringify(path)} cannot be written (${code}).`)
    : error;
}

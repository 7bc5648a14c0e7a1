import type { Command } from "../command.js";
import { plural } from "../output/plural.js";
import { writeText } from "../output/write-text.js";
import { flagOption, textOption } from "../read-option.js";
import { openStorage } from "../storage/open-storage.js";

export const stats: Command = {
  name: "stats",
  takes: "<storage>",
  summary: "counts threads, checkpoints, writes and bytes",
  help: "Bytes are those of stored checkpoints, metadata and writes, without the storage's own overhead. `list` shows them by thread.",
  options: { thread: { type: "string" }, json: { type: "boolean" }, keys: { type: "string" } },
  positionals: { least: 1, most: 1 },
  async run({ streams, positionals: [where = ""], options }) {
    const storage = await openStorage(where, { keys: textOption(options, "keys") });
    try {
      const threadId = textOption(options, "thread");
      const { threads, checkpoints, writes, bytes } = await storage.saver.stats({ threadId, limit: 0 });
      const counts = { threads, checkpoints, writes, bytes };
      const parts = [plural(threads, "thread"), plural(checkpoints, "checkpoint"), plural(writes, "write"), plural(bytes, "byte")];
      await writeText(streams.stdout, flagOption(options, "json") ? `${JSON.stringify(counts)}\n` : `${parts.join(", ")}\n`);
      return 0;
    } finally {
      await storage.close();
    }
  },
};

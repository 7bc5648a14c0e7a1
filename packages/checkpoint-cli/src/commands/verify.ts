import type { Command } from "../command.js";
import { plural } from "../output/plural.js";
import { printable } from "../output/printable.js";
import { Progress } from "../output/progress.js";
import { writeText } from "../output/write-text.js";
import { flagOption, textOption } from "../read-option.js";
import { openStorage } from "../storage/open-storage.js";
import { journalThreadIds, threadIds } from "../storage/thread-ids.js";
import { type Finding, verifyThread } from "../verify/verify-thread.js";

export const verify: Command = {
  name: "verify",
  takes: "<storage> [thread…]",
  summary: "reads everything, and tells what is broken",
  help: "Reads every checkpoint, write, question and answer, and verifies the hash chain of every journal. Tells what is broken by\nthread, without values, and ends with 1 if anything is. It changes nothing.",
  options: { json: { type: "boolean" }, keys: { type: "string" } },
  positionals: { least: 1, most: Number.POSITIVE_INFINITY },
  async run({ streams, positionals: [where = "", ...wanted], options }) {
    const storage = await openStorage(where, { keys: textOption(options, "keys") });
    const progress = new Progress(streams);
    try {
      const ids =
        wanted.length > 0 ? wanted : [...new Set([...(await threadIds(storage.saver)), ...(await journalThreadIds(storage.saver))])];
      const findings: Finding[] = [];
      const counts = { checkpoints: 0, writes: 0, entries: 0 };
      for (const [done, id] of ids.entries()) {
        findings.push(...(await verifyThread(storage, id, counts)));
        progress.at(() => `verifying: ${done} of ${ids.length} threads, ${plural(findings.length, "finding")}`);
      }
      progress.end();
      const broken = new Set(findings.map(({ threadId }) => threadId)).size;
      const summary = { threads: ids.length, broken, ...counts };
      await writeText(
        streams.stdout,
        flagOption(options, "json") ? `${JSON.stringify({ ...summary, findings })}\n` : asText(summary, findings),
      );
      return findings.length > 0 ? 1 : 0;
    } finally {
      await storage.close();
    }
  },
};

interface Summary {
  readonly threads: number;
  readonly broken: number;
  readonly checkpoints: number;
  readonly writes: number;
  readonly entries: number;
}

function asText({ threads, broken, checkpoints, writes, entries }: Summary, findings: readonly Finding[]): string {
  const lines = findings.map(({ threadId, part, code, message }) => `${printable(threadId)}: ${part}: ${message} (${code})`);
  const read = [
    plural(threads, "thread"),
    plural(checkpoints, "checkpoint"),
    plural(writes, "write"),
    plural(entries, "journal entry", "journal entries"),
  ];
  return `${[...lines, `${read.join(", ")}: ${broken === 0 ? "all whole" : `${plural(broken, "thread")} broken`}.`].join("\n")}\n`;
}

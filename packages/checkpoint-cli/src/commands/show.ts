import { inspect } from "node:util";
import { type CheckpointTuple, createSerializer, readQuestions } from "@holdpoint/checkpoint";
import { CliError } from "../cli-error.js";
import type { Command } from "../command.js";
import { printable } from "../output/printable.js";
import { writeText } from "../output/write-text.js";
import { countOption, flagOption, textOption } from "../read-option.js";
import { openStorage, type Storage } from "../storage/open-storage.js";

const { dumps } = createSerializer();
const DEFAULT_LIMIT = 20;

export const show: Command = {
  name: "show",
  takes: "<storage> <thread>",
  summary: "shows the checkpoints of a thread, the newest first",
  help: "Shows what made each checkpoint, its channels with their sizes, and what stands beside it: writes of tasks, questions,\nanswers. Values are shown with --values alone: they hold what people and models said.",
  options: {
    checkpoint: { type: "string" },
    ns: { type: "string" },
    limit: { type: "string" },
    values: { type: "boolean" },
    keys: { type: "string" },
  },
  positionals: { least: 2, most: 2 },
  async run({ streams, positionals: [where = "", threadId = ""], options }) {
    const storage = await openStorage(where, { keys: textOption(options, "keys") });
    try {
      const withValues = flagOption(options, "values");
      let shown = 0;
      for await (const tuple of tuplesOf(storage.saver, threadId, options)) {
        shown += 1;
        await writeText(streams.stdout, `${shown > 1 ? "\n" : ""}${describeTuple(tuple, withValues)}\n`);
      }
      if (shown === 0) throw new CliError(`The thread ${JSON.stringify(threadId)} has no such checkpoint in ${storage.name}.`);
      return 0;
    } finally {
      await storage.close();
    }
  },
};

function tuplesOf(saver: Storage, threadId: string, options: Parameters<Command["run"]>[0]["options"]): AsyncIterable<CheckpointTuple> {
  const configurable = {
    thread_id: threadId,
    checkpoint_ns: textOption(options, "ns"),
    checkpoint_id: textOption(options, "checkpoint"),
  };
  return saver.list({ configurable }, { limit: countOption(options, "limit") ?? DEFAULT_LIMIT });
}

function describeTuple({ checkpoint, metadata, config, pendingWrites = [] }: CheckpointTuple, withValues: boolean): string {
  const ns = config.configurable?.checkpoint_ns ?? "";
  const head = [
    printable(checkpoint.id),
    printable(checkpoint.ts || "?"),
    `${printable(String(metadata?.source ?? "?"))} ${metadata?.step ?? ""}`,
  ];
  const lines = [head.join("  ") + (ns === "" ? "" : `  in ${printable(ns)}`)];
  for (const [channel, value] of Object.entries(checkpoint.channel_values)) lines.push(`  ${describeValue(channel, value, withValues)}`);
  for (const [task, channel, value] of pendingWrites)
    lines.push(`  beside it, by ${printable(task)}: ${describeWrite(channel, value, withValues)}`);
  return lines.join("\n");
}

function describeWrite(channel: string, value: unknown, withValues: boolean): string {
  if (channel === "__interrupt__") {
    const ids = readQuestions(value).map(({ id }) => printable(id));
    return `asks ${ids.join(", ") || "something"}${withValues ? shownValue(value) : ""}`;
  }
  if (channel === "__resume__") return `answered${withValues ? shownValue(value) : ""}`;
  return describeValue(channel, value, withValues);
}

function describeValue(channel: string, value: unknown, withValues: boolean): string {
  return `${printable(channel)}: ${kindOf(value)}${withValues ? shownValue(value) : ""}`;
}

function kindOf(value: unknown): string {
  const size = dumps(value).length.toLocaleString("en");
  if (Array.isArray(value)) return `list of ${value.length}, ${size} characters`;
  return `${value === null ? "null" : typeof value}, ${size} characters`;
}

/** As a program would write it: what could act on a terminal is escaped. */
function shownValue(value: unknown): string {
  const text = inspect(value, { depth: 20, breakLength: 120, maxStringLength: 10_000, maxArrayLength: 1000 });
  return `\n${text.replace(/^/gm, "      ")}`;
}

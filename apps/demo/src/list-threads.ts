import type { PendingCall } from "./conversation/read-thread.js";
import { readThread } from "./conversation/read-thread.js";
import type { Desk } from "./desk.js";
import { displayWidth } from "./terminal/display-width.js";
import { printableLine } from "./terminal/printable.js";
import type { Style } from "./terminal/style.js";
import { wrap } from "./terminal/wrap.js";

export interface ListedThread {
  readonly id: string;
  readonly savedAt: string | undefined;
  readonly pending: readonly PendingCall[];
  readonly unfinished: boolean;
  readonly messages: number;
}

/** Finds every thread of the file, the one that was saved last first, and what each waits for. */
export async function listThreads({ saver, agent }: Desk): Promise<ListedThread[]> {
  const ids = new Set<string>();
  for await (const { config } of saver.list({})) {
    const { thread_id: id, checkpoint_ns: ns = "" } = config.configurable ?? {};
    if (id !== undefined && ns === "") ids.add(id);
  }
  const threads: ListedThread[] = [];
  for (const id of ids) {
    const { pending, unfinished, messages, savedAt } = await readThread(agent, id);
    threads.push({ id, savedAt, pending, unfinished, messages: messages.length });
  }
  return threads.sort((a, b) => (b.savedAt ?? "").localeCompare(a.savedAt ?? ""));
}

/** Writes the list for a person. */
export function formatThreads(threads: readonly ListedThread[], width: number, style: Style): string {
  if (threads.length === 0) return "There is no conversation yet.";
  const column = Math.min(24, Math.max(...threads.map(({ id }) => displayWidth(printableLine(id))))) + 2;
  return threads
    .map((thread) => {
      const name = printableLine(thread.id);
      const lines = waitsFor(thread, style).flatMap(({ text, paint }) => wrap(text, Math.max(16, width - column)).map(paint));
      const fits = displayWidth(name) + 2 <= column;
      const first = fits
        ? `${style.name(name)}${" ".repeat(column - displayWidth(name))}${lines[0] ?? ""}`
        : `${style.name(name)}\n${" ".repeat(column)}${lines[0] ?? ""}`;
      return [first, ...lines.slice(1).map((line) => `${" ".repeat(column)}${line}`)].join("\n");
    })
    .join("\n");
}

function waitsFor({ pending, unfinished, messages, savedAt }: ListedThread, style: Style) {
  const count = messages === 1 ? "1 message" : `${messages} messages`;
  const about = { text: `${count}, ${savedAt === undefined ? "" : writeTime(savedAt)}`, paint: style.faint };
  if (pending.length > 0)
    return [
      ...pending.map(({ request }) => ({ text: `waits for approval: ${describe(request.action_request)}`, paint: style.ask })),
      about,
    ];
  return [
    unfinished ? { text: "was interrupted; goes on when opened", paint: style.ask } : { text: "waits for nothing", paint: style.good },
    about,
  ];
}

const describe = ({ action, args }: PendingCall["request"]["action_request"]): string =>
  `${printableLine(action)} (${Object.values(args)
    .map((value) => printableLine(String(value)))
    .join(", ")})`;

const writeTime = (iso: string): string => new Date(iso).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });

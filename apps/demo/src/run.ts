import { existsSync, mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_DATABASE } from "./default-database.js";
import { type Desk, openDesk } from "./desk.js";
import type { Flags } from "./flags.js";
import { formatThreads, listThreads } from "./list-threads.js";
import { placesOf } from "./places.js";
import { converse } from "./session.js";
import { playStory } from "./story.js";
import { styleFor } from "./terminal/style.js";
import { Terminal } from "./terminal/terminal.js";

type RunFlags = Extract<Flags, { kind: "run" }>;

const INTERRUPTED = 130;

/** Does what the flags say. @returns the exit code */
export async function run(flags: RunFlags): Promise<number> {
  const { env, stdin, stdout, stderr } = process;
  const mistake = findMistake(flags, env);
  if (mistake !== undefined) {
    stderr.write(`${mistake}\n`);
    return 2;
  }
  try {
    if (flags.list) return await list(flags);
    if (flags.interactive || (stdin.isTTY && stdout.isTTY)) return await talk(flags);
    return await story(flags);
  } catch (error) {
    // A file that is no database, or is newer than this program: the message says what to do.
    const { threads } = placesOf(flags.database ?? DEFAULT_DATABASE);
    stderr.write(`${threads}: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

function findMistake({ model, database, interactive, list }: RunFlags, env: NodeJS.ProcessEnv): string | undefined {
  const talks = interactive || (process.stdin.isTTY && process.stdout.isTTY);
  if (database !== undefined && existsSync(database) && statSync(database).isDirectory())
    return `--db names a file, and "${database}" is a folder.`;
  if (model.kind !== "claude" || list) return undefined;
  if ((env.ANTHROPIC_API_KEY ?? "").trim() === "")
    return `--model ${model.model} needs ANTHROPIC_API_KEY. Set it, or leave --model out to use the offline model.`;
  return talks ? undefined : "Without a terminal the offline model plays a story. To talk to Claude over a pipe, add --interactive.";
}

async function talk(flags: RunFlags): Promise<number> {
  const { env, stdin, stdout } = process;
  const terminal = new Terminal({ input: stdin, output: stdout, env });
  let desk: Desk | undefined;
  const leave = (code: number) => {
    terminal.close();
    process.exit(code);
  };
  terminal.onInterrupt = () => {
    terminal.line("\nStopped. Everything up to here is saved; start again to go on.");
    leave(INTERRUPTED);
  };
  process.once("SIGTERM", () => leave(143));
  try {
    const onWait = (seconds: number) => terminal.line(terminal.style.faint(`  Anthropic asks to wait ${seconds} s …`));
    desk = await openDesk({ database: flags.database ?? DEFAULT_DATABASE, model: flags.model, env, onWait });
    await converse(desk, terminal, flags.thread);
    return 0;
  } finally {
    terminal.close();
    desk?.close();
  }
}

async function list({ database = DEFAULT_DATABASE }: RunFlags): Promise<number> {
  const { env, stdout } = process;
  const { threads } = placesOf(database);
  const width = Math.min(100, stdout.columns ?? 100);
  if (!existsSync(threads)) {
    stdout.write(`There is no conversation yet in ${threads}.\n`);
    return 0;
  }
  const desk = await openDesk({ database, model: { kind: "offline" }, env });
  try {
    stdout.write(`${formatThreads(await listThreads(desk), width, styleFor(stdout, env))}\n`);
  } finally {
    desk.close();
  }
  return 0;
}

async function story({ database }: RunFlags): Promise<number> {
  const { env, stdout } = process;
  const file = database ?? join(mkdtempSync(join(tmpdir(), "holdpoint-demo-")), "desk.db");
  const screen = {
    width: Math.min(88, stdout.columns ?? 80),
    style: styleFor(stdout, env),
    write: (text: string) => void stdout.write(text),
  };
  return (await playStory(file, screen)) ? 0 : 1;
}

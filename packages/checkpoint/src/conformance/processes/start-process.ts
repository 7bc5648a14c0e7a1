import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import type { Job, Json, OpenBy, Said } from "./job.js";
import { LINE_START } from "./say.js";

export interface StartedProcess {
  /** What it said so far. */
  readonly said: readonly Said[];
  /** Tells it to open the storage. */
  go(): void;
  kill(): void;
  /** Resolves when it has ended and all that it said was read. */
  readonly ended: Promise<ProcessEnd>;
}

export interface ProcessEnd {
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
  /** End of its standard error. */
  readonly errors: string;
}

const MAX_ERRORS = 4000;

/** Starts a process of the kit. It loads the module, says that it is ready, and waits for `go`. */
export function startProcess(
  open: OpenBy,
  args: readonly Json[],
  job: Job,
  onSaid: (said: Said) => void = () => undefined,
): StartedProcess {
  const child = spawn(process.execPath, ["--no-warnings", childPath()], { stdio: ["pipe", "pipe", "pipe"] });
  const said: Said[] = [];
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-MAX_ERRORS);
  });
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => {
    if (!line.startsWith(LINE_START)) return;
    const one = JSON.parse(line.slice(LINE_START.length)) as Said;
    said.push(one);
    onSaid(one);
  });
  // It may be dead before it has read what it is told.
  child.stdin.on("error", () => undefined);
  child.stdin.write(`${JSON.stringify({ open: { module: moduleUrl(open.module), export: open.export }, args, job })}\n`);
  const read = new Promise<void>((resolve) => lines.once("close", resolve));
  const ended = new Promise<ProcessEnd>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => void read.then(() => resolve({ code, signal, errors })));
  });
  return { said, ended, go: () => void child.stdin.write("go\n"), kill: () => void child.kill("SIGKILL") };
}

/** The built child, by the package's own name: a test runner may read this file where the other one is not compiled. */
function childPath(): string {
  return createRequire(import.meta.url).resolve("@holdpoint/checkpoint/conformance/child");
}

function moduleUrl(module: string | URL): string {
  const text = String(module);
  return text.startsWith("file:") ? text : pathToFileURL(text).href;
}

/** Fails with what a process that was not to end has left behind. */
export function unexpectedEnd({ code, signal, errors }: ProcessEnd, said: readonly Said[]): Error {
  const failure = said.findLast((one) => one.kind === "failed");
  const how = signal === null ? `ended with code ${String(code)}` : `was ended by ${signal}`;
  return new Error(failure?.kind === "failed" ? failure.message : `A process ${how}. ${errors}`);
}

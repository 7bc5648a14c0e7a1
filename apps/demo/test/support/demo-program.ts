import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Bookings } from "../../src/bookings.js";
import { Outbox } from "../../src/outbox.js";
import { placesOf } from "../../src/places.js";

const MAIN = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const PATIENCE = 30_000;

/** Prompts of the program. */
export const YOU = /you {2}› $/;
export const GATE = /\[i\]gnore › $/;

export interface StartOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A module that is loaded before the program, to end it at a chosen moment. */
  readonly preload?: string;
}

/** The real program as a child process, driven over pipes. */
export class DemoProgram {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  output = "";
  errors = "";
  /** Where the output that no `until` has taken begins. */
  #mark = 0;
  #changed: () => void = () => {};

  constructor({ args = [], env = {}, preload }: StartOptions) {
    if (!existsSync(MAIN)) throw new Error("These tests start the built program: run npm run build first.");
    const { PATH = "", HOME = "" } = process.env;
    // Says which durability mode the suite runs in; see test/durability.
    const { NODE_OPTIONS = "", HOLDPOINT_TEST_DURABILITY } = process.env;
    const mode = HOLDPOINT_TEST_DURABILITY === undefined ? {} : { NODE_OPTIONS, HOLDPOINT_TEST_DURABILITY };
    const flags = preload === undefined ? [] : ["--import", preload];
    this.#child = spawn(process.execPath, [...flags, MAIN, ...args], { env: { PATH, HOME, ...mode, ...env }, stdio: "pipe" });
    this.#child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.output += text;
      this.#changed();
    });
    this.#child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.errors += text;
    });
    // A program that was killed takes no more input.
    this.#child.stdin.on("error", () => {});
    this.exit = new Promise((resolve) =>
      this.#child.on("close", (code, signal) => {
        resolve({ code, signal });
        this.#changed();
      }),
    );
  }

  /** Waits until what came since the last wait matches, and gives it. */
  async until(pattern: RegExp): Promise<string> {
    const deadline = Date.now() + PATIENCE;
    for (;;) {
      const since = this.output.slice(this.#mark);
      if (pattern.test(since)) {
        this.#mark = this.output.length;
        return since;
      }
      const left = deadline - Date.now();
      if (left <= 0 || this.#child.exitCode !== null || this.#child.signalCode !== null) {
        throw new Error(`The program did not show ${pattern}. It showed:\n${this.output}\n${this.errors}`);
      }
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
        setTimeout(resolve, Math.min(left, 1_000));
      });
    }
  }

  send(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  /** Sends the end of the input, as Ctrl-D does. */
  async end(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    this.#child.stdin.end();
    return this.exit;
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.exit;
  }
}

/** A folder with a desk in it, and a look at what really happened there. */
export class DeskFolder {
  readonly folder = mkdtempSync(join(tmpdir(), "holdpoint-demo-test-"));
  readonly database = join(this.folder, "desk.db");
  readonly #programs: DemoProgram[] = [];

  talk({ args = [], ...options }: StartOptions = {}): DemoProgram {
    return this.start({ ...options, args: ["--interactive", ...args] });
  }

  start({ args = [], ...options }: StartOptions = {}): DemoProgram {
    const program = new DemoProgram({ ...options, args: ["--db", this.database, ...args] });
    this.#programs.push(program);
    return program;
  }

  bookings() {
    const { bookings } = placesOf(this.database);
    if (!existsSync(bookings)) return [];
    const books = new Bookings(bookings);
    try {
      return books.all();
    } finally {
      books.close();
    }
  }

  mails(): string[] {
    const { outbox } = placesOf(this.database);
    return existsSync(outbox) ? new Outbox(outbox).sent() : [];
  }

  async remove(): Promise<void> {
    for (const program of this.#programs) await program.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

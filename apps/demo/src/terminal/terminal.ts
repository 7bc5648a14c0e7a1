import { createInterface, type Interface } from "node:readline";
import type { Readable } from "node:stream";
import { Writable } from "node:stream";
import { type Style, styleFor } from "./style.js";

/** What came of a question. */
export type Answer =
  | { readonly kind: "line"; readonly text: string }
  /** Ctrl-D, or the end of a pipe. */
  | { readonly kind: "end" }
  /** Ctrl-C. */
  | { readonly kind: "quit" };

export interface TerminalStreams {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly env: Readonly<Record<string, string | undefined>>;
}

const WIDEST = 88;
const NARROWEST = 24;

/**
 * A person at a terminal, or a script on a pipe: shows text, asks for lines.
 *
 * What is typed on a keyboard while nothing is asked is dropped: nobody approves a call before seeing it. Lines of a pipe wait for their question.
 */
export class Terminal {
  readonly style: Style;
  /** Called on Ctrl-C while nothing is asked. */
  onInterrupt: () => void = () => {};
  readonly #output: TerminalStreams["output"];
  readonly #readline: Interface;
  readonly #keyboard: boolean;
  readonly #lines: string[] = [];
  #waiting: ((answer: Answer) => void) | undefined;
  #ended = false;

  constructor({ input, output, env }: TerminalStreams) {
    this.style = styleFor(output, env);
    this.#output = output;
    this.#keyboard = input.isTTY === true && output.isTTY === true;
    this.#readline = createInterface({
      input,
      output: this.#keyboard ? this.#echo() : undefined,
      terminal: this.#keyboard,
      historySize: 100,
    });
    this.#readline.on("line", (line) => this.#take(line));
    this.#readline.on("close", () => {
      this.#ended = true;
      this.#settle({ kind: "end" });
    });
    this.#readline.on("SIGINT", () => {
      if (this.#waiting === undefined) this.onInterrupt();
      else this.#settle({ kind: "quit" });
    });
  }

  /** Columns to write in. */
  get width(): number {
    return Math.max(NARROWEST, Math.min(WIDEST, this.#output.columns ?? 80));
  }

  write(text: string): void {
    this.#output.write(text);
  }

  line(text = ""): void {
    this.#output.write(`${text}\n`);
  }

  /** Shows a prompt and waits for a line. */
  ask(prompt: string): Promise<Answer> {
    if (this.#keyboard) return this.#askKeyboard(prompt);
    this.write(prompt);
    const line = this.#lines.shift();
    const answer: Promise<Answer> =
      line !== undefined
        ? Promise.resolve({ kind: "line", text: line })
        : this.#ended
          ? Promise.resolve({ kind: "end" })
          : new Promise((resolve) => {
              this.#waiting = resolve;
            });
    // A pipe echoes nothing; a transcript should show what was answered.
    return answer.then((given) => {
      this.line(given.kind === "line" ? given.text : "");
      return given;
    });
  }

  /** Gives the terminal back. */
  close(): void {
    this.#readline.close();
  }

  #askKeyboard(prompt: string): Promise<Answer> {
    if (this.#ended) return Promise.resolve({ kind: "end" });
    const [last = ""] = prompt.split("\n").slice(-1);
    this.write(prompt.slice(0, prompt.length - last.length));
    return new Promise((resolve) => {
      // Drops what was typed before the question; with no prompt, so that readline does not think of lines above to draw again.
      this.#readline.setPrompt("");
      this.#readline.write(null, { ctrl: true, name: "e" });
      this.#readline.write(null, { ctrl: true, name: "u" });
      this.#waiting = resolve;
      this.#readline.setPrompt(last);
      this.#readline.prompt();
    });
  }

  #take(line: string): void {
    if (this.#waiting !== undefined) this.#settle({ kind: "line", text: line });
    else if (!this.#keyboard) this.#lines.push(line);
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    if (answer.kind !== "line" && this.#keyboard) this.line();
    waiting(answer);
  }

  /** Shows what readline echoes while something is asked, and nothing else. */
  #echo(): Writable {
    const output = this.#output;
    const shown = () => this.#waiting !== undefined;
    const echo = new Writable({
      decodeStrings: false,
      write(chunk, encoding, done) {
        if (shown()) output.write(chunk, encoding);
        done();
      },
    });
    Object.defineProperties(echo, { isTTY: { value: true }, columns: { get: () => output.columns ?? 80 } });
    output.on("resize", () => echo.emit("resize"));
    return echo;
  }
}

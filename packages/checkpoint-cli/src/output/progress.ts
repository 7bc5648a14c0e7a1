import type { CliStreams } from "../cli-streams.js";

/** Milliseconds between two signs of life. */
const INTERVAL = { terminal: 200, file: 5000 };

/** Tells on the standard error how far long work has come: in one line that changes on a terminal, in a line now and then elsewhere. */
export class Progress {
  readonly #stderr: CliStreams["stderr"];
  #last = performance.now();
  #isShown = false;

  constructor({ stderr }: Pick<CliStreams, "stderr">) {
    this.#stderr = stderr;
  }

  /** Something more is done. */
  at(text: () => string): void {
    const isTerminal = this.#stderr.isTTY === true;
    if (performance.now() - this.#last < (isTerminal ? INTERVAL.terminal : INTERVAL.file)) return;
    this.#last = performance.now();
    this.#isShown = isTerminal;
    this.#stderr.write(isTerminal ? `\r\u001b[K${text()}` : `${text()}\n`);
  }

  /** Takes the line away again. */
  end(): void {
    if (this.#isShown) this.#stderr.write("\r\u001b[K");
    this.#isShown = false;
  }
}

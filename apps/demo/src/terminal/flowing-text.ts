import { displayWidth } from "./display-width.js";

/**
 * Breaks text between words while it streams: each piece is given out at once, except for a word that has not ended.
 * A word that is longer than a line is left to the terminal; space at the end of a line, or of everything, is dropped.
 */
export class FlowingText {
  readonly #width: number;
  readonly #indent: string;
  #column: number;
  #word = "";
  /** What stands between the last word and the next one: spaces or line ends. */
  #gap = "";

  constructor(options: { width: number; column: number; indent: string }) {
    this.#width = options.width;
    this.#indent = options.indent;
    this.#column = options.column;
  }

  /** Takes the next piece, and gives what can be shown. */
  push(piece: string): string {
    let shown = "";
    for (const part of piece.split(/(\s+)/)) {
      if (part === "") continue;
      if (part.trim() === "") {
        shown += this.end();
        this.#gap += part;
      } else this.#word += part;
    }
    return shown;
  }

  /** Gives what was held back. */
  end(): string {
    if (this.#word === "") return "";
    const word = this.#word;
    const lead = this.#lead(displayWidth(word));
    this.#word = "";
    this.#gap = "";
    this.#column += displayWidth(word);
    return lead + word;
  }

  /** The space or the new lines before a word. */
  #lead(width: number): string {
    const lines = this.#gap.split("\n");
    const spaces = lines.at(-1) ?? "";
    const breaks = "\n".repeat(lines.length - 1);
    if (breaks !== "") {
      this.#column = this.#indent.length + spaces.length;
      return breaks + this.#indent + spaces;
    }
    if (this.#column + spaces.length + width <= this.#width || this.#column <= this.#indent.length) {
      this.#column += spaces.length;
      return spaces;
    }
    this.#column = this.#indent.length;
    return `\n${this.#indent}`;
  }
}

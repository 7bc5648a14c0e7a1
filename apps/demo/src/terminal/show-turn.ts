import type { TurnEvent } from "../conversation/run-turn.js";
import type { ToolResult } from "../tools/tool-result.js";
import { FlowingText } from "./flowing-text.js";
import { printable, printableLine } from "./printable.js";
import type { Style } from "./style.js";
import { wrap } from "./wrap.js";

/** Where a turn is shown. */
export interface Screen {
  readonly width: number;
  readonly style: Style;
  write(text: string): void;
}

const SPEAKER = "desk › ";

/** Shows a turn as it happens: the model's words as they come, a line for each tool. */
export class TurnView {
  readonly #screen: Screen;
  #words: FlowingText | undefined;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  readonly show = (event: TurnEvent): void => {
    if (event.kind === "text") {
      this.#say(printable(event.text));
      return;
    }
    this.end();
    // A call that needs approval is shown at its gate.
    const lines = event.kind === "call" ? callLine(event) : resultLine(event);
    const { width, style } = this.#screen;
    for (const line of lines)
      for (const [index, part] of wrap(line, width - 4).entries())
        this.#screen.write(`${style.faint(`${index === 0 ? "  " : "    "}${part}`)}\n`);
  };

  /** Ends what is being said. */
  end(): void {
    if (this.#words === undefined) return;
    this.#screen.write(`${this.#words.end()}\n`);
    this.#words = undefined;
  }

  #say(text: string): void {
    const { width, style } = this.#screen;
    if (this.#words === undefined) {
      const begun = text.trimStart();
      if (begun === "") return;
      this.#screen.write(style.good(SPEAKER));
      this.#words = new FlowingText({ width, column: SPEAKER.length, indent: " ".repeat(SPEAKER.length) });
      this.#screen.write(this.#words.push(begun));
    } else this.#screen.write(this.#words.push(text));
  }
}

const FREE_TOOLS = new Set(["search_hotels"]);

function callLine({ tool, args }: Extract<TurnEvent, { kind: "call" }>): string[] {
  if (!FREE_TOOLS.has(tool)) return [];
  const words = Object.values(args).map((value) => printableLine(String(value)));
  return [`· ${printableLine(tool)} ${words.join(" ")}`.trimEnd()];
}

function resultLine({ tool, outcome }: Extract<TurnEvent, { kind: "result" }>): string[] {
  const name = printableLine(tool);
  if (outcome.kind !== "ran") return [`✗ ${name} was not run`];
  const { result } = outcome;
  if (result.kind === "hotels") return [`  → ${describe(result)}`];
  return [`${result.kind === "refused" ? "✗" : "✓"} ${name}: ${describe(result)}`];
}

function describe(result: ToolResult): string {
  switch (result.kind) {
    case "hotels":
      return result.hotels.length === 0 ? "no hotel" : result.hotels.map((hotel) => printableLine(hotel.name)).join(", ");
    case "booked":
      return `${result.booking.booking_id} is in the books, and its mail in the outbox`;
    case "cancelled":
      return `${result.booking.booking_id} is cancelled, and its mail in the outbox`;
    case "refused":
      return printableLine(result.reason);
  }
}

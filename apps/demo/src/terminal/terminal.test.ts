import { PassThrough } from "node:stream";
import { setImmediate as tick } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Terminal } from "./terminal.js";

/** A terminal of 80 columns whose keys are written by the test. */
function keyboard() {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  let shown = "";
  output.setEncoding("utf8").on("data", (text: string) => {
    shown += text;
  });
  const terminal = new Terminal({ input, output, env: { NO_COLOR: "1" } });
  const type = async (keys: string) => {
    input.write(keys);
    for (let round = 0; round < 5; round++) await tick();
  };
  return { terminal, type, shown: () => shown, input };
}

function pipe(text: string) {
  const input = new PassThrough();
  const output = new PassThrough();
  input.end(text);
  return { terminal: new Terminal({ input, output, env: {} }), output };
}

describe("Terminal at a keyboard", () => {
  it("gives the line that was typed", async () => {
    const { terminal, type } = keyboard();
    const answer = terminal.ask("you › ");
    await type("helloo\u007f\r");
    expect(await answer).toEqual({ kind: "line", text: "hello" });
  });

  it("drops what was typed before the question was shown", async () => {
    const { terminal, type, shown } = keyboard();
    await type("a\ra");
    expect(shown()).toBe("");
    const answer = terminal.ask("approve? › ");
    await type("i\r");
    expect(await answer).toEqual({ kind: "line", text: "i" });
    expect(shown()).not.toContain("a\r");
  });

  it("draws a prompt without touching the lines above it", async () => {
    const { terminal, type, shown } = keyboard();
    // Wider than the terminal, so that readline knows of lines above.
    const first = terminal.ask(`\n${"long ".repeat(20)} › `);
    await type("hello\r");
    await first;
    await type("typed too early");
    terminal.line("last line of a box");
    const from = shown().length;
    void terminal.ask("menu › ");
    // Cursor up, in any number of lines, would wipe the box.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is an escape sequence that is looked for
    expect(shown().slice(from)).not.toMatch(/\u001b\[\d*A/);
    expect(shown()).not.toContain("early");
  });

  it("tells Ctrl-C and Ctrl-D apart, and answers nothing after the end", async () => {
    const { terminal, type } = keyboard();
    const first = terminal.ask("› ");
    await type("half a line\u0003");
    expect(await first).toEqual({ kind: "quit" });
    const second = terminal.ask("› ");
    await type("\u0004");
    expect(await second).toEqual({ kind: "end" });
    expect(await terminal.ask("› ")).toEqual({ kind: "end" });
  });

  it("calls onInterrupt on Ctrl-C while nothing is asked", async () => {
    const { terminal, type } = keyboard();
    let interrupted = 0;
    terminal.onInterrupt = () => interrupted++;
    await type("\u0003");
    expect(interrupted).toBe(1);
  });
});

describe("Terminal on a pipe", () => {
  it("keeps lines for their questions, and shows what was answered", async () => {
    const { terminal, output } = pipe("one\ntwo\nthree without an end");
    await tick();
    expect([await terminal.ask("1 › "), await terminal.ask("2 › "), await terminal.ask("3 › "), await terminal.ask("4 › ")]).toEqual([
      { kind: "line", text: "one" },
      { kind: "line", text: "two" },
      { kind: "line", text: "three without an end" },
      { kind: "end" },
    ]);
    expect(String(output.read())).toBe("1 › one\n2 › two\n3 › three without an end\n4 › \n");
  });

  it("has a width though nobody says", () => {
    expect(pipe("").terminal.width).toBe(80);
  });
});

import { describe, expect, it } from "vitest";
import { parseFlags } from "./flags.js";

describe("parseFlags", () => {
  it("has a default for everything", () => {
    expect(parseFlags([])).toEqual({
      kind: "run",
      list: false,
      interactive: false,
      thread: "front-desk",
      model: { kind: "default" },
      database: undefined,
    });
  });

  it.each([
    ["offline", { kind: "offline" }],
    ["claude-sonnet-4-5", { kind: "claude", model: "claude-sonnet-4-5" }],
    ["anthropic:claude-3-5-haiku-latest", { kind: "claude", model: "claude-3-5-haiku-latest" }],
  ])("reads --model %s", (name, model) => {
    expect(parseFlags(["--model", name])).toMatchObject({ kind: "run", model });
  });

  it.each([
    [["--wat"], "Unknown option '--wat'."],
    [["a"], "Unexpected argument 'a'."],
    [["--thread", " "], "--thread needs a name of at most 200 characters."],
    [["--thread", "a\u001b[2J"], "--thread needs a name of at most 200 characters."],
    [["--db", ""], "--db needs a file name."],
    [["--model", ""], '--model does not know "".'],
    [["--model", "claude sonnet"], '--model does not know "claude sonnet".'],
    [["--model", "openai:gpt-4"], '--model does not know "openai:gpt-4".'],
  ])("explains %j", (args, line) => {
    const flags = parseFlags(args);
    expect(flags.kind).toBe("mistake");
    expect(flags.kind === "mistake" && flags.line.startsWith(line)).toBe(true);
  });

  it("helps first", () => {
    expect(parseFlags(["--list", "-h"])).toEqual({ kind: "help" });
  });
});

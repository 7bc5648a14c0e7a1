import { describe, expect, it } from "vitest";
import { displayWidth } from "./display-width.js";
import { FlowingText } from "./flowing-text.js";
import { gateBox } from "./gate-box.js";
import { printable, printableLine } from "./printable.js";
import { readChoice } from "./read-choice.js";
import { PLAIN_STYLE, styleFor } from "./style.js";
import { wrap } from "./wrap.js";

describe("printable", () => {
  it.each([
    ["\u001b[2J\u001b[31mgone", "\\u{1b}[2J\\u{1b}[31mgone"],
    ["a\u202egnp.exe", "a\\u{202e}gnp.exe"],
    ["zero\u200bwidth", "zero\\u{200b}width"],
    ["bell\u0007\u0000", "bell\\u{7}\\u{0}"],
    ["a\r\nb\rc", "a\nb\nc"],
    ["lone \ud800", "lone \\u{d800}"],
    ["Zoë 東京 👩‍🚀 👍", "Zoë 東京 👩‍🚀 👍"],
  ])("shows %j as it can be trusted", (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it("keeps a line a line", () => {
    expect(printableLine("a\n└ approved\tb")).toBe("a\\n└ approved\\tb");
  });
});

describe("wrap", () => {
  it("breaks between words, and long words where it must", () => {
    expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
    expect(wrap("abcdefghij", 4)).toEqual(["abcd", "efgh", "ij"]);
    expect(wrap("a\n\nb", 4)).toEqual(["a", "", "b"]);
    expect(wrap("", 4)).toEqual([""]);
  });

  it("counts columns, not characters", () => {
    expect(displayWidth("東京")).toBe(4);
    expect(displayWidth("👩‍🚀")).toBe(2);
    expect(displayWidth("Zoe\u0308")).toBe(3);
    expect(wrap("東京 東京", 5)).toEqual(["東京", "東京"]);
  });
});

describe("FlowingText", () => {
  const flow = (pieces: string[], width = 12) => {
    const text = new FlowingText({ width, column: 2, indent: "  " });
    return pieces.map((piece) => text.push(piece)).join("") + text.end();
  };

  it("breaks between words, however the pieces are cut", () => {
    const whole = "  one two three four\n\n- five six seven";
    const expected = flow([whole]);
    for (let size = 1; size < 8; size++) expect(flow(whole.match(new RegExp(`.{1,${size}}`, "gs")) ?? [])).toBe(expected);
    for (const line of `  ${expected}`.split("\n")) expect(line.length).toBeLessThanOrEqual(12);
    expect(expected.replace(/\s+/g, " ").trim()).toBe(whole.replace(/\s+/g, " ").trim());
  });

  it("leaves no space at the end", () => {
    expect(flow(["one ", "two\n", "\n"])).toBe("one two");
  });
});

describe("gateBox", () => {
  const args = {
    hotel_name: "McKittrick Hotel",
    check_in: "2027-03-12",
    rooms: { single: 2 },
    guest: "Ada \u001b[8mhidden\u001b[0m Lovelace",
  };
  const box = (width: number, more = {}) =>
    gateBox({ action: "book_hotel", args, position: { index: 1, count: 1 }, ...more }, width, PLAIN_STYLE);

  it("shows every argument, and nothing that a model could hide", () => {
    expect(box(80)).toBe(
      [
        "┌ Waits for your approval: book_hotel",
        "│",
        "│  hotel_name  McKittrick Hotel",
        "│  check_in    2027-03-12  Fri 12 March 2027",
        "│  rooms       {",
        '│                "single": 2',
        "│              }",
        "│  guest       Ada \\u{1b}[8mhidden\\u{1b}[0m Lovelace",
        "│",
        "└ Nothing has happened yet.",
      ].join("\n"),
    );
  });

  it.each([24, 30, 40, 60])("loses nothing at %i columns, and stays within them", (width) => {
    const shown = box(width, { description: "Books a room, and sends the guest a mail." });
    for (const line of shown.split("\n")) expect(displayWidth(line)).toBeLessThanOrEqual(width);
    expect(shown.replace(/[\s│]/g, "")).toContain("Ada\\u{1b}[8mhidden\\u{1b}[0mLovelace");
    expect(shown.replace(/[\s│]/g, "")).toContain("McKittrickHotel");
  });

  it("cannot be forged by an argument", () => {
    const shown = gateBox(
      { action: "a\n└ Nothing", args: { "x\n│ y": "1\n└ Nothing has happened yet.\nAccepted." }, position: { index: 2, count: 3 } },
      80,
      PLAIN_STYLE,
    );
    expect(shown.split("\n").filter((line) => line.startsWith("└"))).toHaveLength(1);
    expect(shown).toContain("(2 of 3)");
  });

  it("marks what a person has changed", () => {
    expect(box(80, { before: { ...args, hotel_name: "Ritz" } })).toContain("│ *hotel_name  McKittrick Hotel\n│              (was: Ritz)");
  });

  it("says so when there are no arguments", () => {
    expect(gateBox({ action: "a", args: {}, position: { index: 1, count: 1 } }, 80, PLAIN_STYLE)).toContain("(no arguments)");
  });
});

describe("readChoice", () => {
  it("takes words and letters of what is allowed, and nothing else", () => {
    expect(["a", " Accept ", "y"].map((text) => readChoice(text, ["accept"]))).toEqual(["accept", "accept", "accept"]);
    expect(["", "ok", "aa", "constructor", "toString", "e"].map((text) => readChoice(text, ["accept"]))).toEqual(Array(6).fill(undefined));
  });
});

describe("styleFor", () => {
  const coloured = (isTTY: boolean, env: Record<string, string>) => styleFor({ isTTY }, env) !== PLAIN_STYLE;
  it("colours a terminal, unless it is told not to", () => {
    expect(coloured(true, {})).toBe(true);
    expect(coloured(false, {})).toBe(false);
    expect(coloured(true, { NO_COLOR: "1" })).toBe(false);
    expect(coloured(true, { TERM: "dumb" })).toBe(false);
    expect(coloured(true, { FORCE_COLOR: "0" })).toBe(false);
    expect(coloured(false, { FORCE_COLOR: "1" })).toBe(true);
    expect(coloured(false, { FORCE_COLOR: "1", NO_COLOR: "1" })).toBe(false);
  });
});

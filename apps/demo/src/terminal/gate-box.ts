import { isDay, writeDay } from "../calendar.js";
import { displayWidth } from "./display-width.js";
import { printable, printableLine } from "./printable.js";
import type { Style } from "./style.js";
import { wrap } from "./wrap.js";

export interface BoxContent {
  readonly action: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly description?: string;
  /** Which of how many that wait, from 1. */
  readonly position: { readonly index: number; readonly count: number };
  /** Arguments as the agent asked for them, where a person has changed some. */
  readonly before?: Readonly<Record<string, unknown>>;
}

const NARROWEST_VALUE = 16;

/** Draws a call that waits for approval: every argument in full, so that nobody approves what was not shown. */
export function gateBox(content: BoxContent, width: number, style: Style): string {
  const { action, args, description, position, before } = content;
  const count = position.count === 1 ? "" : ` (${position.index} of ${position.count})`;
  const title = wrap(`Waits for your approval${count}: ${printableLine(action)}`, width - 2);
  const names = Object.keys(args);
  const column = Math.max(0, ...names.map((name) => displayWidth(printableLine(name)))) + 2;
  const stacked = width - column - 4 < NARROWEST_VALUE;
  const rows = names.flatMap((name) => {
    const changed = before !== undefined && JSON.stringify(before[name]) !== JSON.stringify(args[name]);
    const value = wrap(showValue(args[name]), Math.max(1, width - 4 - (stacked ? 2 : column)));
    if (changed) value.push(`(was: ${printableLine(showValue(before[name]))})`);
    return layOut(printableLine(name), value, { column, stacked, changed }, style);
  });
  const about = description === undefined || description === "" ? [] : [...wrap(printable(description), width - 2).map(style.faint), ""];
  const body = names.length === 0 ? [style.faint("(no arguments)")] : rows;
  const bar = style.ask("│");
  const foot = wrap("Nothing has happened yet.", width - 2).map(style.faint);
  return [
    ...title.map((line, index) => `${style.ask(index === 0 ? "┌" : "│")} ${style.strong(style.ask(line))}`),
    bar,
    ...[...about, ...body].map((line) => `${bar} ${line}`.trimEnd()),
    bar,
    ...foot.map((line, index) => `${style.ask(index === foot.length - 1 ? "└" : "│")} ${line}`),
  ].join("\n");
}

interface Layout {
  readonly column: number;
  readonly stacked: boolean;
  readonly changed: boolean;
}

/** Name and value beside each other, or below on a narrow terminal. */
function layOut(name: string, value: readonly string[], { column, stacked, changed }: Layout, style: Style): string[] {
  const mark = changed ? style.good("*") : " ";
  const paint = changed ? style.good : style.strong;
  if (stacked) return [`${mark}${style.name(name)}`, ...value.map((line) => `   ${paint(line)}`)];
  const pad = " ".repeat(column - displayWidth(name));
  const [first = "", ...rest] = value;
  return [`${mark}${style.name(name)}${pad}${paint(first)}`, ...rest.map((line) => ` ${" ".repeat(column)}${paint(line)}`)];
}

/** Text as it is, with a day written out beside it; anything else as JSON. */
function showValue(value: unknown): string {
  if (typeof value !== "string") return printable(JSON.stringify(value, null, 2) ?? String(value));
  return isDay(value) ? `${value}  ${writeDay(value)}` : printable(value);
}

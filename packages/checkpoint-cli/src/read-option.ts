import { CliError } from "./cli-error.js";
import type { OptionValues } from "./command.js";

/** Reads an option that takes a text. */
export function textOption(options: OptionValues, name: string): string | undefined {
  const value = options[name];
  return typeof value === "string" ? value : undefined;
}

export function flagOption(options: OptionValues, name: string): boolean {
  return options[name] === true;
}

/** Reads an option that takes a whole number from 0 on. @throws CliError */
export function countOption(options: OptionValues, name: string): number | undefined {
  const text = textOption(options, name);
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new CliError(`--${name} takes a whole number from 0 on, not ${JSON.stringify(text)}.`, 2);
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Reads an option that takes a time: ISO 8601, or how long ago (`30d`, `12h`, `2w`, `90m`). @throws CliError */
export function timeOption(options: OptionValues, name: string, now: number): Date | undefined {
  const text = textOption(options, name);
  if (text === undefined) return undefined;
  const [, count, unit] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  const time = count !== undefined && unit !== undefined ? now - Number(count) * UNITS[unit]! : isoTime(text);
  if (!Number.isNaN(time)) return new Date(time);
  throw new CliError(`--${name} takes a time such as 2026-01-31, or an age such as 30d, 12h or 2w, not ${JSON.stringify(text)}.`, 2);
}

/** Node.js takes many things for a time; what is deleted by it must be meant. */
function isoTime(text: string): number {
  return /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:?\d\d)?)?$/.test(text) ? Date.parse(text) : Number.NaN;
}

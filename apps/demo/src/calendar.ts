/** A day as `YYYY-MM-DD`: sorts as text, and has no time zone to get wrong. */
export type Day = string;

const MILLISECONDS_A_DAY = 86_400_000;

const asTime = (day: Day): number => Date.parse(`${day}T00:00:00Z`);

/** Tells whether a text is a day of the calendar, written `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = asTime(text);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Makes a day of numbers; undefined where the calendar has none, as for 31 February. */
export function dayOf(year: number, month: number, date: number): Day | undefined {
  const text = `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(date).padStart(2, "0")}`;
  return isDay(text) ? text : undefined;
}

export const addDays = (day: Day, days: number): Day => new Date(asTime(day) + days * MILLISECONDS_A_DAY).toISOString().slice(0, 10);

/** Nights from one day to another; negative when the second is earlier. */
export const nightsBetween = (from: Day, to: Day): number => Math.round((asTime(to) - asTime(from)) / MILLISECONDS_A_DAY);

/** 0 for Sunday to 6 for Saturday. */
export const weekdayOf = (day: Day): number => new Date(asTime(day)).getUTCDay();

/** Today where the machine stands. */
export function today(now: Date = new Date()): Day {
  return dayOf(now.getFullYear(), now.getMonth() + 1, now.getDate()) as Day;
}

const WRITTEN = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

/** Writes a day for a person: "Fri 12 March 2027". */
export const writeDay = (day: Day): string => (isDay(day) ? WRITTEN.format(asTime(day)).replaceAll(",", "") : day);

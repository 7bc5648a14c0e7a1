import { addDays, type Day, dayOf, isDay, weekdayOf } from "../calendar.js";
import { DATE_PATTERN, MONTH_NAMES, NIGHTS_PATTERN, numberOf, WEEKDAY_NAMES } from "./date-words.js";

export interface ReadDates {
  readonly checkIn?: Day;
  readonly checkOut?: Day;
  readonly nights?: number;
  /** What was said and cannot be a date, such as "31 February". */
  readonly impossible: readonly string[];
  /** The text without what was read. */
  readonly rest: string;
}

/** Marks where something was read, so that words on its two sides do not run together. */
export const GAP = " | ";

interface Mention {
  readonly day: Day;
  /** No year was said: it is the next such day. */
  readonly floating: boolean;
  /** "tonight", "tomorrow night": one night is meant. */
  readonly night: boolean;
  /** "until Friday": the end of a stay. */
  readonly until: boolean;
}

/**
 * Reads the days of a stay from what a person wrote: "tomorrow", "Friday for two nights", "12 to 14 March", "2027-03-12 until 2027-03-14",
 * "March 12-14". A day without a year is the next such day.
 */
export function readDates(text: string, today: Day): ReadDates {
  const mentions: Mention[] = [];
  const impossible: string[] = [];
  let nights: number | undefined;
  let rest = text.replace(NIGHTS_PATTERN, (_, amount: string, unit: string) => {
    nights = numberOf(amount) * (/^w/i.test(unit) ? 7 : 1);
    return GAP;
  });
  rest = rest.replace(DATE_PATTERN, (said: string, ...groups: unknown[]) => {
    const found = readMention(groups.at(-1) as Record<string, string | undefined>, said, today);
    if (found.length === 0) impossible.push(said.trim());
    mentions.push(...found);
    return GAP;
  });
  return { ...stayOf(mentions, nights, today), impossible, rest };
}

function stayOf(mentions: readonly Mention[], nights: number | undefined, today: Day): Pick<ReadDates, "checkIn" | "checkOut" | "nights"> {
  const [first, second] = mentions;
  if (first === undefined) return nights === undefined ? {} : { nights };
  const checkIn = first.floating ? comingYear(first.day, today) : first.day;
  if (first.until && second === undefined) return { checkOut: checkIn };
  const stay = nights ?? (first.night && second === undefined ? 1 : undefined);
  if (second === undefined) return stay === undefined ? { checkIn } : { checkIn, nights: stay, checkOut: addDays(checkIn, stay) };
  const checkOut = second.floating ? comingYear(second.day, addDays(checkIn, 1)) : second.day;
  return { checkIn, checkOut };
}

/** The first day of this date that is not before `earliest`. 29 February waits for a leap year. */
function comingYear(day: Day, earliest: Day): Day {
  for (let year = Number(earliest.slice(0, 4)); ; year++) {
    const candidate = `${year}${day.slice(4)}`;
    if (isDay(candidate) && candidate >= earliest) return candidate;
  }
}

/** One or, for a range, two days; none where the calendar has no such day. */
function readMention(groups: Record<string, string | undefined>, said: string, today: Day): Mention[] {
  const { iso, word, weekday, from, to, monthAfter, monthBefore, fromAfter, toAfter, year, yearAfter } = groups;
  const manner = { floating: false, night: /night/i.test(said), until: /^\s*(?:until|till|to|leaving)\b/i.test(said) };
  if (iso !== undefined) return isDay(iso) ? [{ ...manner, day: iso }] : [];
  if (word !== undefined) return [{ ...manner, day: addDays(today, daysAhead(word)) }];
  if (weekday !== undefined) return [{ ...manner, day: nextWeekday(weekday, today) }];
  const month = monthNumber(monthAfter ?? monthBefore ?? "");
  const saidYear = year ?? yearAfter;
  const dates = [from ?? fromAfter, to ?? toAfter].filter((date) => date !== undefined);
  // A leap year, so that 29 February is a day before its year is known.
  const days = dates.map((date) => dayOf(saidYear === undefined ? 2024 : Number(saidYear), month, Number(date)));
  if (days.includes(undefined)) return [];
  return days.map((day) => ({ ...manner, day: day as Day, floating: saidYear === undefined }));
}

const monthNumber = (name: string): number => MONTH_NAMES.indexOf(name.slice(0, 3).toLowerCase()) + 1;

function daysAhead(word: string): number {
  if (/^day after/i.test(word)) return 2;
  return /^tom/i.test(word) ? 1 : 0;
}

/** The next such weekday after today. */
function nextWeekday(name: string, today: Day): Day {
  const wanted = WEEKDAY_NAMES.indexOf(name.slice(0, 3).toLowerCase());
  return addDays(today, ((wanted - weekdayOf(today) + 6) % 7) + 1);
}

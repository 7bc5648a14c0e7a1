import type { Day } from "../calendar.js";
import { numberOf } from "./date-words.js";
import { readDates } from "./read-dates.js";
import { readGuest, readGuestAnswer } from "./read-guest.js";

/** What the desk asked last, so that a bare answer can be understood. */
export type Question = "place" | "check_in" | "check_out" | "guest" | "booking_id";

export type Wish = "book" | "search" | "cancel" | "stop" | "greet";

/** What one message of a person says. */
export interface ReadRequest {
  readonly wish?: Wish;
  /** Words of a hotel's name or city. */
  readonly place?: string;
  readonly checkIn?: Day;
  readonly checkOut?: Day;
  readonly nights?: number;
  readonly guest?: string;
  readonly bookingIds: readonly string[];
  readonly impossible: readonly string[];
}

const BOOKING_ID = /\bHP-?\d+\b/gi;
const QUOTED = /["“”«»]([^"“”«»]{2,60})["“”«»]/u;

/** Words that come before, after or instead of a hotel's name. */
const FILLER = new Set(
  (
    "a an the me us i we my our room rooms stay stays bed place somewhere something some single double nice cheap good book reserve booking reservation want wants would like need needs to please can could you for of " +
    "at in into on from with hello hi hey good morning evening day there get make take have find search show list which what hotels are is any do does all available look looking see ok okay yes no then instead it that this one change " +
    "not rather sorry thanks thank and nights night tell about"
  ).split(" "),
);

/** Reads what a person wrote to the desk. Pure: the same text, question and day give the same reading. */
export function readRequest(text: string, question: Question | undefined, today: Day): ReadRequest {
  const bookingIds = [...new Set([...text.matchAll(BOOKING_ID)].map(([id]) => id.toUpperCase().replace(/^HP-?/, "HP-")))];
  const dates = readDates(text.replace(BOOKING_ID, " | "), today);
  const { guest, rest } = readGuest(dates.rest);
  const { checkIn, checkOut, impossible } = dates;
  const wish = readWish(text, bookingIds);
  const place =
    wish === "greet" || wish === "stop" || wish === "cancel" ? undefined : readPlace(rest, wish === undefined && question !== "place");
  return {
    ...defined({ wish, place, checkIn, checkOut, nights: dates.nights, guest }),
    ...answerTo(question, text, { place, guest }),
    bookingIds,
    impossible,
  };
}

/** What a bare answer means beside what was read of it already. */
function answerTo(question: Question | undefined, text: string, read: { place?: string; guest?: string }): Partial<ReadRequest> {
  const bare = text.trim().replace(/[.!]$/, "");
  if (question === "check_out") {
    const nights = numberOf(bare);
    return Number.isInteger(nights) && nights > 0 ? { nights } : {};
  }
  if (question !== "guest" || read.guest !== undefined || readWish(text, []) !== undefined) return {};
  const guest = readGuestAnswer(text);
  // "Ada Lovelace" as an answer is a guest, and no hotel of that name.
  return guest === undefined ? {} : { guest, place: undefined };
}

function readWish(text: string, bookingIds: readonly string[]): Wish | undefined {
  if (/\b(?:cancel|call off|annul)\b/i.test(text))
    return bookingIds.length > 0 || /\b(?:booking|reservation|stay|it|that|this|them)\b/i.test(text) ? "cancel" : "stop";
  if (/\b(?:never ?mind|forget (?:it|that|about)|stop|leave it)\b/i.test(text)) return "stop";
  if (/\b(?:which|what|list|show|search|find|look(?:ing)? for)\b/i.test(text) && !/\bbook\b/i.test(text)) return "search";
  if (/\b(?:book|reserve|stay|room|reservation|bed)\b/i.test(text)) return "book";
  if (/^\s*(?:hi|hello|hey|thanks?|thank you|good (?:morning|evening|day)|help|bye)\b/i.test(text)) return "greet";
  return undefined;
}

/**
 * Reads which hotel or city is meant.
 * @param careful take only what a word such as "at" leads to: the message may be about something else
 */
function readPlace(rest: string, careful: boolean): string | undefined {
  const quoted = QUOTED.exec(rest)?.[1];
  if (quoted !== undefined) return quoted.trim();
  const pieces = rest.split(/[|,;:.!?\n]|\b(?:for|from|under|please|starting|until|but)\b/iu);
  const led = pieces.map((piece) => /\b(?:at|in|into|is|make it|change it to|take)\s+(.+)$/iu.exec(piece)?.[1] ?? "");
  const hotels = pieces.filter((piece) => /\b(?:hotel|inn|palace|house|lodge|mill)\b/iu.test(piece));
  for (const candidate of [...led, ...hotels, ...(careful ? [] : pieces)]) {
    const place = withoutFiller(candidate);
    if (place !== undefined) return place;
  }
  return undefined;
}

/** Drops filler at both ends; undefined where nothing telling is left. */
function withoutFiller(piece: string): string | undefined {
  const words = piece.split(/\s+/).filter((word) => word !== "");
  const fills = (word: string | undefined) => word !== undefined && FILLER.has(word.toLowerCase().replace(/[^\p{L}]/gu, ""));
  while (fills(words[0])) words.shift();
  while (fills(words.at(-1))) words.pop();
  const telling = words.filter((word) => /\p{L}{2}/u.test(word) && !/^hotels?$/i.test(word));
  return telling.length === 0 || words.length > 7 ? undefined : words.join(" ");
}

const defined = <T extends object>(values: T): T =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;

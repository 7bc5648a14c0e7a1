import { addDays, type Day, nightsBetween } from "../calendar.js";
import { findHotel, type Hotel } from "../hotel-data.js";
import type { CallOutcome, ToolResult } from "../tools/tool-result.js";
import { type Question, type ReadRequest, readRequest, type Wish } from "./read-request.js";

/** What the desk knows of the wish that is being talked about. */
export interface Draft {
  readonly wish?: Wish;
  /** Words of a hotel that has not been looked up. */
  readonly place?: string;
  /** The hotel, once found. */
  readonly hotel?: string;
  /** Hotels that the words fit, where more than one or none does. */
  readonly found?: readonly Hotel[];
  readonly checkIn?: Day;
  readonly checkOut?: Day;
  readonly nights?: number;
  readonly guest?: string;
  readonly bookingIds: readonly string[];
  readonly impossible: readonly string[];
  /** The booking that was made last, for "cancel it". */
  readonly lastBooked?: string;
}

export const NEW_DRAFT: Draft = { bookingIds: [], impossible: [] };

/** Starts over, with what outlives a wish. */
export const startOver = ({ lastBooked }: Draft): Draft => ({ ...NEW_DRAFT, lastBooked });

/** Takes up what a person wrote. */
export function hear(draft: Draft, text: string, question: Question | undefined, today: Day): Draft {
  const request = readRequest(text, question, today);
  const base = startsAnew(draft, request) ? startOver(draft) : draft;
  const wish = request.wish ?? base.wish ?? (request.place !== undefined || request.checkIn !== undefined ? "book" : undefined);
  const amended = amend({ ...base, wish }, question === "check_out" ? asEnd(request) : request);
  return { ...amended, bookingIds: request.bookingIds.length > 0 ? request.bookingIds : base.bookingIds };
}

/** Changes what a person's words change of a stay, and nothing else. */
export function amend(draft: Draft, request: ReadRequest): Draft {
  const place = request.place === undefined ? {} : { place: request.place, hotel: undefined, found: undefined };
  return { ...draft, ...place, guest: request.guest ?? draft.guest, ...stay(draft, request), impossible: request.impossible };
}

/** A search, a cancellation or a greeting ends a wish; "book" begins one unless one is open. */
function startsAnew(draft: Draft, { wish }: ReadRequest): boolean {
  if (wish === undefined || wish === draft.wish) return false;
  return !(wish === "book" && draft.wish === "search");
}

/** "14 March", said when the desk asked for the last day, is the last day. */
const asEnd = (request: ReadRequest): ReadRequest =>
  request.checkIn !== undefined && request.checkOut === undefined ? { ...request, checkIn: undefined, checkOut: request.checkIn } : request;

/** A new first day moves the stay; a new number of nights, or a new last day, changes its length. */
function stay(draft: Draft, request: ReadRequest): Pick<Draft, "checkIn" | "checkOut" | "nights"> {
  const checkIn = request.checkIn ?? draft.checkIn;
  if (checkIn === undefined) return { nights: request.nights ?? draft.nights, checkOut: request.checkOut ?? draft.checkOut };
  if (request.checkOut !== undefined) return { checkIn, checkOut: request.checkOut };
  const nights = request.nights ?? draft.nights ?? lengthOf(draft);
  return { checkIn, checkOut: nights === undefined ? draft.checkOut : addDays(checkIn, nights) };
}

const lengthOf = ({ checkIn, checkOut }: Draft): number | undefined =>
  checkIn === undefined || checkOut === undefined ? undefined : nightsBetween(checkIn, checkOut);

/** Takes up what became of a call. A person's words in place of a booking change the wish; a refusal ends it. */
export function learn(draft: Draft, outcome: CallOutcome, today: Day): Draft {
  if (outcome.kind === "ran") return learnResult(draft, outcome.result);
  if (outcome.kind === "answered" && draft.wish === "book") return amend(draft, readRequest(outcome.words, undefined, today));
  return startOver(draft);
}

function learnResult(draft: Draft, result: ToolResult): Draft {
  switch (result.kind) {
    case "hotels":
      return { ...draft, place: undefined, found: result.hotels, hotel: chosen(result.hotels, draft.place)?.name };
    case "booked":
      return { ...NEW_DRAFT, lastBooked: result.booking.booking_id };
    case "cancelled":
    case "refused":
      return startOver(draft);
  }
}

const chosen = (hotels: readonly Hotel[], place: string | undefined): Hotel | undefined =>
  hotels.length === 1 ? hotels[0] : hotels.find((hotel) => hotel.name === findHotel(place ?? "")?.name);

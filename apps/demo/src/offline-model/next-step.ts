import { type Day, nightsBetween, writeDay } from "../calendar.js";
import type { Draft } from "./draft.js";
import type { Question } from "./read-request.js";
import { GREETING, list } from "./sentences.js";
import type { Plan } from "./turn.js";

interface Step {
  readonly plan: Plan;
  readonly question?: Question;
}

const say = (text: string, question?: Question): Step => ({ plan: { kind: "say", text }, question });

/** Decides what is due for a wish: a question, a tool call, or an answer. */
export function nextStep(draft: Draft, today: Day): Step {
  switch (draft.wish) {
    case "book":
      return nextOfBooking(draft, today);
    case "search":
      return nextOfSearch(draft);
    case "cancel":
      return nextOfCancellation(draft);
    case "stop":
      return say("Very well, I leave it. What else can I do for you?");
    default:
      return say(GREETING);
  }
}

function nextOfSearch({ place, found }: Draft): Step {
  if (found === undefined) return search(place ?? "");
  if (found.length === 0) return say("I know no such hotel. Name a city or another hotel, or ask me for all of them.", "place");
  return say(`${list(found)}\nShall I book one of them? Tell me which, the days, and the guest's name.`, "place");
}

function nextOfBooking(draft: Draft, today: Day): Step {
  const { place, hotel, found, checkIn, checkOut, guest, impossible } = draft;
  if (place !== undefined) return search(place);
  if (hotel === undefined) {
    if (found === undefined) return say("Gladly. Which hotel, or which city?", "place");
    if (found.length === 0) return say("I know no such hotel. Name another one, or a city.", "place");
    return say(`Which of these?\n${list(found)}`, "place");
  }
  if (impossible.length > 0) return say(`There is no ${impossible.join(" and no ")}. From which day?`, "check_in");
  if (checkIn === undefined) return say(`From which day at ${hotel}?`, "check_in");
  if (checkIn < today) return say(`${writeDay(checkIn)} is over. From which day?`, "check_in");
  if (checkOut === undefined) return say(`From ${writeDay(checkIn)}. For how many nights, or until when?`, "check_out");
  if (checkOut <= checkIn) return say(`${writeDay(checkOut)} is not after ${writeDay(checkIn)}. Until when?`, "check_out");
  if (guest === undefined) return say("In whose name shall I book?", "guest");
  const nights = nightsBetween(checkIn, checkOut);
  return {
    plan: {
      kind: "call",
      text: `I book ${hotel} from ${writeDay(checkIn)} for ${nights} ${nights === 1 ? "night" : "nights"}, for ${guest}, once it is approved.`,
      calls: [{ name: "book_hotel", args: { hotel_name: hotel, check_in: checkIn, check_out: checkOut, guest } }],
    },
  };
}

function nextOfCancellation({ bookingIds, lastBooked }: Draft): Step {
  const ids = bookingIds.length > 0 ? bookingIds : lastBooked === undefined ? [] : [lastBooked];
  if (ids.length === 0) return say("Which booking shall I cancel? Its id looks like HP-1001.", "booking_id");
  return {
    plan: {
      kind: "call",
      text: `I cancel ${ids.join(" and ")}, once it is approved.`,
      calls: ids.map((booking_id) => ({ name: "cancel_booking" as const, args: { booking_id } })),
    },
  };
}

const search = (query: string): Step => ({ plan: { kind: "call", text: "", calls: [{ name: "search_hotels", args: { query } }] } });

import { writeDay } from "../calendar.js";
import type { Hotel } from "../hotel-data.js";
import type { CallOutcome, ToolResult } from "../tools/tool-result.js";

export const GREETING = "Good day. I book and cancel rooms: tell me a hotel or a city, the days, and the guest's name.";

export const list = (hotels: readonly Hotel[]): string =>
  hotels.map(({ name, city, nightly, about }) => `- ${name}, ${city}, EUR ${nightly} a night: ${about}`).join("\n");

/** Tells a person what became of a call. */
export function tellOutcome(outcome: CallOutcome): string {
  switch (outcome.kind) {
    case "ran":
      return tellResult(outcome.result);
    case "answered":
      return `I did nothing; the answer was: ${outcome.words}`;
    case "not-run":
      return "That was not approved, so I did nothing. What else can I do for you?";
  }
}

function tellResult(result: ToolResult): string {
  switch (result.kind) {
    case "booked": {
      const { booking_id, hotel_name, check_in, check_out, guest, total } = result.booking;
      return `Booked: ${hotel_name}, ${writeDay(check_in)} to ${writeDay(check_out)}, for ${guest}. EUR ${total}. The booking is ${booking_id}; a mail is on its way.`;
    }
    case "cancelled":
      return `${result.booking.booking_id} (${result.booking.hotel_name}, ${result.booking.guest}) is cancelled; a mail is on its way.`;
    case "refused":
      return `That was not possible. ${result.reason}`;
    case "hotels":
      return list(result.hotels);
  }
}

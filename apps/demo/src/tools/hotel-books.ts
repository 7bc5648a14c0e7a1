import type { Bookings } from "../bookings.js";
import type { Day } from "../calendar.js";
import type { Outbox } from "../outbox.js";

/** What the tools act on. */
export interface HotelBooks {
  readonly bookings: Bookings;
  readonly outbox: Outbox;
  readonly today: () => Day;
}

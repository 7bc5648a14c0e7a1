import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { callKey } from "./call-key.js";
import type { HotelBooks } from "./hotel-books.js";
import { type ToolResult, writeResult } from "./tool-result.js";

export const cancelBookingSchema = z.object({ booking_id: z.string().trim().min(1).describe("The booking's id, such as HP-1001") });

/** Cancels a booking. Wrap it with an approval gate before an agent gets it. */
export const cancelBookingTool = (books: HotelBooks) =>
  tool(async ({ booking_id }: { booking_id: string }, config) => writeResult(cancelBooking(books, booking_id, callKey(config))), {
    name: "cancel_booking",
    description: "Cancels a booking and sends the guest a mail. A person approves each call before it runs.",
    schema: cancelBookingSchema,
  });

/** Cancels the booking and sends its mail; with the same key again, changes nothing and tells the same. */
export function cancelBooking({ bookings, outbox }: HotelBooks, bookingId: string, key: string): ToolResult {
  const outcome = bookings.cancel(bookingId, key);
  if (outcome.kind === "unknown") return { kind: "refused", reason: `There is no booking "${bookingId}".` };
  const { booking } = outcome;
  if (outcome.kind === "by-another-call") return { kind: "refused", reason: `${booking.booking_id} was cancelled before.` };
  outbox.send(`${booking.booking_id}-cancelled`, {
    to: booking.guest,
    subject: `Your booking ${booking.booking_id} is cancelled`,
    body: `Dear ${booking.guest},\r\n\r\nyour stay at ${booking.hotel_name} is cancelled. You owe nothing.`,
  });
  return { kind: "cancelled", booking };
}

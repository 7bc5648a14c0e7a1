import { tool } from "@langchain/core/tools";
import { z } from "zod";
import type { Booking } from "../bookings.js";
import { isDay, nightsBetween, writeDay } from "../calendar.js";
import { findHotel, HOTELS } from "../hotel-data.js";
import { callKey } from "./call-key.js";
import type { HotelBooks } from "./hotel-books.js";
import { type ToolResult, writeResult } from "./tool-result.js";

const LONGEST_STAY = 60;

const day = (what: string) =>
  z.string().refine(isDay, { error: "is not a day of the calendar, written YYYY-MM-DD" }).describe(`${what}, as YYYY-MM-DD`);

export const bookHotelSchema = z
  .object({
    hotel_name: z.string().trim().min(1).describe("Name of the hotel, as search_hotels gave it"),
    check_in: day("First night"),
    check_out: day("Day of departure"),
    guest: z.string().trim().min(1).max(200).describe("Full name of the guest"),
  })
  .refine(({ check_in, check_out }) => check_out > check_in, { error: "must be after check_in", path: ["check_out"] });

export type BookHotelArgs = z.infer<typeof bookHotelSchema>;

/** Books a room. Wrap it with an approval gate before an agent gets it. */
export const bookHotelTool = (books: HotelBooks) =>
  tool(async (args: BookHotelArgs, config) => writeResult(bookHotel(books, args, callKey(config))), {
    name: "book_hotel",
    description: "Books a room and sends the guest a mail. A person approves each call before it runs.",
    schema: bookHotelSchema,
  });

/** Enters the booking and sends its mail; with the same key again, changes nothing and tells the same. */
export function bookHotel({ bookings, outbox, today }: HotelBooks, args: BookHotelArgs, key: string): ToolResult {
  const hotel = findHotel(args.hotel_name);
  if (hotel === undefined)
    return refused(`There is no hotel "${args.hotel_name}". The hotels: ${HOTELS.map(({ name }) => name).join(", ")}.`);
  if (args.check_in < today()) return refused(`${writeDay(args.check_in)} is over; today is ${writeDay(today())}.`);
  const nights = nightsBetween(args.check_in, args.check_out);
  if (nights > LONGEST_STAY) return refused(`${nights} nights are too many; a stay has at most ${LONGEST_STAY}.`);
  const { check_in, check_out, guest } = args;
  const booking = bookings.book({ hotel_name: hotel.name, check_in, check_out, guest, total: nights * hotel.nightly }, key);
  outbox.send(`${booking.booking_id}-booked`, confirmation(booking));
  return { kind: "booked", booking };
}

const refused = (reason: string): ToolResult => ({ kind: "refused", reason });

const confirmation = (booking: Booking) => ({
  to: booking.guest,
  subject: `Your booking ${booking.booking_id} at ${booking.hotel_name}`,
  body: [
    `Dear ${booking.guest},`,
    "",
    `${booking.hotel_name} expects you on ${writeDay(booking.check_in)}, until ${writeDay(booking.check_out)}.`,
    `The stay costs EUR ${booking.total}. Your booking is ${booking.booking_id}.`,
  ].join("\r\n"),
});

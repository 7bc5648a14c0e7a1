import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Bookings } from "../bookings.js";
import { Outbox } from "../outbox.js";
import { bookHotel, bookHotelSchema } from "./book-hotel.js";
import { callKey } from "./call-key.js";
import { cancelBooking } from "./cancel-booking.js";
import type { HotelBooks } from "./hotel-books.js";

const stay = { hotel_name: "mckittrick", check_in: "2027-03-12", check_out: "2027-03-14", guest: "Ada Lovelace" };

let folder: string;
let books: HotelBooks;
const open = (): HotelBooks => ({
  bookings: new Bookings(join(folder, "b.db")),
  outbox: new Outbox(join(folder, "out")),
  today: () => "2026-11-23",
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdpoint-tools-"));
  books = open();
});
afterEach(() => {
  books.bookings.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("book_hotel", () => {
  it("enters the booking under the hotel's own name, and sends a mail", () => {
    expect(bookHotel(books, stay, "k1")).toMatchObject({
      kind: "booked",
      booking: { booking_id: "HP-1001", hotel_name: "McKittrick Hotel", total: 420, status: "booked" },
    });
    expect(books.outbox.sent()).toEqual(["HP-1001-booked.eml"]);
    expect(readFileSync(join(folder, "out", "HP-1001-booked.eml"), "utf8")).toContain(
      "Subject: Your booking HP-1001 at McKittrick Hotel\r\n",
    );
  });

  it("counts once under one key, in another process and with other arguments too", () => {
    const first = bookHotel(books, stay, "k1");
    books.bookings.close();
    books = open();
    expect(bookHotel(books, stay, "k1")).toEqual(first);
    expect(bookHotel(books, { ...stay, guest: "Somebody Else" }, "k1")).toEqual(first);
    expect(books.bookings.all()).toHaveLength(1);
    expect(books.outbox.sent()).toHaveLength(1);
    expect(bookHotel(books, stay, "k2")).toMatchObject({ booking: { booking_id: "HP-1002" } });
  });

  it("sends the mail that a crash had kept back", () => {
    books.bookings.book({ ...stay, hotel_name: "McKittrick Hotel", total: 420 }, "k1");
    expect(books.outbox.sent()).toEqual([]);
    bookHotel(books, stay, "k1");
    expect(books.outbox.sent()).toEqual(["HP-1001-booked.eml"]);
  });

  it.each([
    [{ hotel_name: "Ritz" }, /no hotel "Ritz".*McKittrick/],
    [{ check_in: "2026-11-22" }, /is over/],
    [{ check_out: "2028-03-14" }, /too many/],
  ])("refuses %j, and does nothing", (change, reason) => {
    expect(bookHotel(books, { ...stay, ...change }, "k1")).toMatchObject({ kind: "refused", reason: expect.stringMatching(reason) });
    expect(books.bookings.all()).toEqual([]);
    expect(books.outbox.sent()).toEqual([]);
  });

  it("keeps a guest's name from becoming a header", () => {
    bookHotel(books, { ...stay, guest: "Ada\r\nBcc: everybody@example.org" }, "k1");
    expect(readFileSync(join(folder, "out", "HP-1001-booked.eml"), "utf8").split("\r\n\r\n")[0]).not.toMatch(/^Bcc:/m);
  });

  it.each([
    [{ check_out: "2027-03-12" }, "check_out"],
    [{ check_in: "2027-02-30" }, "check_in"],
    [{ check_in: "12 March" }, "check_in"],
    [{ guest: "  " }, "guest"],
  ])("has a schema that refuses %j", (change, path) => {
    expect(bookHotelSchema.safeParse({ ...stay, ...change }).error?.issues[0]?.path).toEqual([path]);
  });
});

describe("cancel_booking", () => {
  it("cancels once, and tells the same again under the same key", () => {
    bookHotel(books, stay, "k1");
    const first = cancelBooking(books, "hp-1001", "k2");
    expect(first).toMatchObject({ kind: "cancelled", booking: { status: "cancelled" } });
    expect(cancelBooking(books, "HP-1001", "k2")).toEqual(first);
    expect(cancelBooking(books, "HP-1001", "k3")).toMatchObject({ kind: "refused", reason: "HP-1001 was cancelled before." });
    expect(books.outbox.sent()).toEqual(["HP-1001-booked.eml", "HP-1001-cancelled.eml"]);
  });

  it.each(["HP-9", "nonsense", "1001; DROP TABLE bookings", ""])("refuses %j", (id) => {
    expect(cancelBooking(books, id, "k1")).toMatchObject({ kind: "refused" });
  });
});

describe("callKey", () => {
  it("prefers the runtime's key, and does without none", () => {
    expect(callKey({ idempotencyKey: "a", toolCall: { id: "b" } })).toBe("a");
    expect(callKey({ toolCall: { id: "b" } })).toBe("b");
    expect(() => callKey({})).toThrow("without an idempotency key");
    expect(() => callKey(undefined)).toThrow("without an idempotency key");
  });
});

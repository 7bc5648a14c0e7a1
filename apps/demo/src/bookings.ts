import Database from "libsql";
import type { Day } from "./calendar.js";

export interface BookingRequest {
  readonly hotel_name: string;
  readonly check_in: Day;
  readonly check_out: Day;
  readonly guest: string;
  /** Price of the stay, in whole euros. */
  readonly total: number;
}

export interface Booking extends BookingRequest {
  /** "HP-1001" and so on. */
  readonly booking_id: string;
  readonly status: "booked" | "cancelled";
}

interface Row extends BookingRequest {
  readonly id: number;
  readonly cancelled_by: string | null;
}

/** A number of people may look at the file while the desk writes to it. */
const BUSY_MILLISECONDS = 5_000;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS bookings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    hotel_name TEXT NOT NULL,
    check_in TEXT NOT NULL,
    check_out TEXT NOT NULL,
    guest TEXT NOT NULL,
    total INTEGER NOT NULL,
    idempotency_key TEXT NOT NULL UNIQUE,
    cancelled_by TEXT
  );
  INSERT INTO sqlite_sequence (name, seq) SELECT 'bookings', 1000 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'bookings');
`;

/**
 * The hotel's own books: what really happened, apart from what the agent remembers.
 *
 * Every change carries the key of the tool call that made it, and counts once: the same key again gives what the first gave.
 */
export class Bookings {
  readonly #database: Database.Database;

  constructor(path: string) {
    this.#database = new Database(path);
    this.#database.exec(`PRAGMA busy_timeout = ${BUSY_MILLISECONDS}`);
    this.#database.exec("PRAGMA journal_mode = WAL");
    this.#database.transaction(() => this.#database.exec(SCHEMA)).immediate();
  }

  book(request: BookingRequest, idempotencyKey: string): Booking {
    const { hotel_name, check_in, check_out, guest, total } = request;
    const find = this.#database.prepare("SELECT * FROM bookings WHERE idempotency_key = ?");
    const insert = this.#database.prepare(
      "INSERT INTO bookings (hotel_name, check_in, check_out, guest, total, idempotency_key) VALUES (?, ?, ?, ?, ?, ?)",
    );
    // One transaction that writes from its start: two processes with one key take turns, and the second finds the first's booking.
    const once = this.#database.transaction(() => {
      if (find.get(idempotencyKey) === undefined) insert.run(hotel_name, check_in, check_out, guest, total, idempotencyKey);
    });
    once.immediate();
    return asBooking(find.get(idempotencyKey) as Row);
  }

  /** Cancels a booking that stands. `by-another-call`: it had been cancelled before, and nothing was done now. */
  cancel(bookingId: string, idempotencyKey: string): { kind: "cancelled" | "by-another-call"; booking: Booking } | { kind: "unknown" } {
    const id = rowId(bookingId);
    this.#database.prepare("UPDATE bookings SET cancelled_by = ? WHERE id = ? AND cancelled_by IS NULL").run(idempotencyKey, id);
    const row = this.#database.prepare("SELECT * FROM bookings WHERE id = ?").get(id) as Row | undefined;
    if (row === undefined) return { kind: "unknown" };
    return { kind: row.cancelled_by === idempotencyKey ? "cancelled" : "by-another-call", booking: asBooking(row) };
  }

  /** Every booking, oldest first, the cancelled ones too. */
  all(): Booking[] {
    return (this.#database.prepare("SELECT * FROM bookings ORDER BY id").all() as Row[]).map(asBooking);
  }

  close(): void {
    this.#database.close();
  }
}

/** -1, which no booking has, where the text is no booking id. */
const rowId = (bookingId: string): number => Number(/^(?:HP-)?(\d{1,9})$/i.exec(bookingId.trim())?.[1] ?? -1);

const asBooking = ({ id, hotel_name, check_in, check_out, guest, total, cancelled_by }: Row): Booking => ({
  booking_id: `HP-${id}`,
  hotel_name,
  check_in,
  check_out,
  guest,
  total,
  status: cancelled_by === null ? "booked" : "cancelled",
});

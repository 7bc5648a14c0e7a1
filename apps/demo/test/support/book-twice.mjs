// Loaded before the program: a booking tool with a fault, so that the story's own checks are seen to fail.
import { Bookings } from "../../dist/bookings.js";

const { book } = Bookings.prototype;
Bookings.prototype.book = function (request, key) {
  book.call(this, request, `${key}-again`);
  return book.call(this, request, key);
};

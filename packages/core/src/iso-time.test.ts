import fc from "fast-check";
import { expect, it } from "vitest";
import { isoTime } from "./iso-time.js";

it("writes every time as a Date does, whichever came before it", () => {
  fc.assert(
    fc.property(fc.array(fc.date({ noInvalidDate: true }), { minLength: 1 }), fc.nat(3000), (dates, later) => {
      for (const date of dates) {
        expect(isoTime(date.getTime())).toBe(date.toISOString());
        const next = new Date(Math.min(date.getTime() + later, 8.64e15));
        expect(isoTime(next.getTime())).toBe(next.toISOString());
      }
    }),
  );
});

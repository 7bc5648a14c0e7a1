import { describe, expect, it } from "vitest";
import { readDates } from "./read-dates.js";

/** A Monday. */
const today = "2026-11-23";
const stay = (text: string) => {
  const { checkIn, checkOut, nights } = readDates(text, today);
  return { checkIn, checkOut, nights };
};

describe("readDates", () => {
  it.each([
    ["2027-03-12 to 2027-03-14", "2027-03-12", "2027-03-14"],
    ["from 2027-03-12 until 2027-03-14", "2027-03-12", "2027-03-14"],
    ["12 to 14 March", "2027-03-12", "2027-03-14"],
    ["12-14 March", "2027-03-12", "2027-03-14"],
    ["from the 12th to the 14th of March 2028", "2028-03-12", "2028-03-14"],
    ["March 12-14", "2027-03-12", "2027-03-14"],
    ["March 12th to 14th, 2028", "2028-03-12", "2028-03-14"],
    ["30 November to 2 December", "2026-11-30", "2026-12-02"],
    ["30 December until 2 January", "2026-12-30", "2027-01-02"],
    ["23 November to 24 November", "2026-11-23", "2026-11-24"],
    ["Friday to Sunday", "2026-11-27", "2026-11-29"],
    ["tomorrow until Friday", "2026-11-24", "2026-11-27"],
    ["29 Feb to 1 March", "2028-02-29", "2028-03-01"],
    ["28 feb - 2 mar", "2027-02-28", "2027-03-02"],
  ])("reads both days of %j", (text, checkIn, checkOut) => {
    expect(stay(text)).toMatchObject({ checkIn, checkOut });
  });

  it.each([
    ["tomorrow for two nights", "2026-11-24", "2026-11-26"],
    ["tomorrow night", "2026-11-24", "2026-11-25"],
    ["tonight", "2026-11-23", "2026-11-24"],
    ["2 nights from 12 March", "2027-03-12", "2027-03-14"],
    ["next Monday, for a week", "2026-11-30", "2026-12-07"],
    ["the day after tomorrow for 1 night", "2026-11-25", "2026-11-26"],
  ])("counts the nights of %j", (text, checkIn, checkOut) => {
    expect(stay(text)).toMatchObject({ checkIn, checkOut });
  });

  it.each([
    ["until 14 March", "2027-03-14"],
    ["leaving 2027-03-14", "2027-03-14"],
    ["until Friday", "2026-11-27"],
  ])("reads the end of a stay in %j", (text, checkOut) => {
    expect(stay(text)).toEqual({ checkIn: undefined, checkOut, nights: undefined });
  });

  it.each([
    ["tomorrow", "2026-11-24"],
    ["on 12 March", "2027-03-12"],
    ["2027-03-12", "2027-03-12"],
    ["5 May", "2027-05-05"],
  ])("does not guess how long a stay from %j lasts", (text, checkIn) => {
    expect(stay(text)).toEqual({ checkIn, checkOut: undefined, nights: undefined });
  });

  it.each(["31 February", "2027-02-30", "April 31"])("tells that there is no %s", (text) => {
    expect(readDates(text, today)).toMatchObject({ impossible: [text] });
    expect(stay(text).checkIn).toBeUndefined();
  });

  it.each(["May Parker may come", "room 12", "HP-1001", "the marching band", "call 2027"])("reads no day in %j", (text) => {
    expect(stay(text)).toEqual({});
  });

  it("leaves the rest of the text, with a gap where it read", () => {
    expect(readDates("Hotel Aurora from 12 to 14 March for Ada", today).rest).toBe("Hotel Aurora  |  for Ada");
  });
});

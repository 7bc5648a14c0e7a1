import { describe, expect, it } from "vitest";
import { type Question, readRequest } from "./read-request.js";

const today = "2026-11-23";
const read = (text: string, question?: Question) => readRequest(text, question, today);

describe("readRequest", () => {
  it.each([
    ["Book the McKittrick Hotel tomorrow for two nights for Ada Lovelace", "McKittrick Hotel", "2026-11-24", "2026-11-26", "Ada Lovelace"],
    ["book a stay at McKittrick hotel from 12 to 14 March for Ada", "McKittrick hotel", "2027-03-12", "2027-03-14", "Ada"],
    [
      "I'd like a room in Lisbon, 2027-03-12 to 2027-03-14, in the name of grace hopper",
      "Lisbon",
      "2027-03-12",
      "2027-03-14",
      "Grace Hopper",
    ],
    ["Please reserve Harbour Lights for Grace Hopper, March 12-14.", "Harbour Lights", "2027-03-12", "2027-03-14", "Grace Hopper"],
    [
      "For Ludwig van Beethoven: The Old Mill, 12 March for 3 nights. Book it!",
      "Old Mill",
      "2027-03-12",
      "2027-03-15",
      "Ludwig van Beethoven",
    ],
    [
      "my name is Ada Lovelace and I want to stay at the Casa do Limoeiro tonight",
      "Casa do Limoeiro",
      "2026-11-23",
      "2026-11-24",
      "Ada Lovelace",
    ],
    ["book hotel aurora tomorrow for 2 nights for ada lovelace", "hotel aurora", "2026-11-24", "2026-11-26", "Ada Lovelace"],
    [
      "Can you book me into Miradouro Palace next Friday for a week, guest: Zoë Müller-Lüdenscheid?",
      "Miradouro Palace",
      "2026-11-27",
      "2026-12-04",
      "Zoë Müller-Lüdenscheid",
    ],
  ])("reads hotel, days and guest of %j", (text, place, checkIn, checkOut, guest) => {
    expect(read(text)).toMatchObject({ wish: "book", place, checkIn, checkOut, guest, impossible: [] });
  });

  it("takes nothing for granted that was not said", () => {
    expect(read("Book me a room")).toEqual({ wish: "book", bookingIds: [], impossible: [] });
    expect(read("I want to book a hotel for me")).toEqual({ wish: "book", bookingIds: [], impossible: [] });
  });

  it.each([
    ["Which hotels do you have in Helsinki?", "Helsinki"],
    ["show me hotels in New York", "New York"],
    ["What hotels are there?", undefined],
    ["find a hotel in Bath", "Bath"],
  ])("reads a search in %j", (text, place) => {
    const request = read(text);
    expect(request.wish).toBe("search");
    expect(request.place).toBe(place);
  });

  it.each([
    ["Cancel HP-1001", ["HP-1001"]],
    ["please cancel hp1001 and HP-1002", ["HP-1001", "HP-1002"]],
    ["cancel my booking", []],
  ])("reads a cancellation in %j", (text, bookingIds) => {
    expect(read(text)).toMatchObject({ wish: "cancel", bookingIds });
  });

  it.each(["never mind", "Stop.", "cancel"])("reads %j as giving up", (text) => {
    expect(read(text).wish).toBe("stop");
  });

  it("understands bare answers to what was asked", () => {
    expect(read("Ada Lovelace", "guest")).toMatchObject({ guest: "Ada Lovelace", place: undefined });
    expect(read("for ada lovelace", "guest").guest).toBe("Ada Lovelace");
    expect(read("It's Grace Hopper.", "guest").guest).toBe("Grace Hopper");
    expect(read("2", "check_out").nights).toBe(2);
    expect(read("three", "check_out").nights).toBe(3);
    expect(read("3 nights", "check_out").nights).toBe(3);
    expect(read("Hotel Aurora", "place").place).toBe("Hotel Aurora");
    expect(read("the old mill", "place").place).toBe("old mill");
    expect(read("tomorrow", "check_in").checkIn).toBe("2026-11-24");
  });

  it("does not take a new request for an answer", () => {
    expect(read("Which hotels are in Bath?", "guest")).toMatchObject({ wish: "search", place: "Bath" });
    expect(read("Which hotels are in Bath?", "guest").guest).toBeUndefined();
  });

  it("reads a change of mind", () => {
    expect(read("Make it the Harbour Lights instead")).toMatchObject({ place: "Harbour Lights" });
    expect(read("no, from 15 March for one night")).toMatchObject({ checkIn: "2027-03-15", checkOut: "2027-03-16" });
    expect(read("Too expensive.").place).toBeUndefined();
  });
});

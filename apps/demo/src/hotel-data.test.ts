import { describe, expect, it } from "vitest";
import { findHotel, HOTELS, searchHotels } from "./hotel-data.js";

const names = (query: string) => searchHotels(query).map(({ name }) => name);

describe("searchHotels", () => {
  it.each([
    ["McKittrick", ["McKittrick Hotel"]],
    ["the mckittrick hotel", ["McKittrick Hotel"]],
    ["hotels in Helsinki", ["Hotel Aurora", "Harbour Lights"]],
    ["aurora helsinki", ["Hotel Aurora"]],
    ["old mill", ["The Old Mill"]],
    ["casa do limoeiro, lisbon", ["Casa do Limoeiro"]],
    ["Ritz", []],
  ])("finds %j", (query, found) => {
    expect(names(query)).toEqual(found);
  });

  it("finds all without words", () => {
    expect(names("")).toHaveLength(HOTELS.length);
    expect(names("hotels")).toHaveLength(HOTELS.length);
  });
});

describe("findHotel", () => {
  it("finds every hotel by its own name, and by it alone", () => {
    for (const hotel of HOTELS) expect(findHotel(hotel.name.toUpperCase())).toBe(hotel);
    expect(findHotel("McKittrick")?.name).toBe("McKittrick Hotel");
    expect(findHotel("Lisbon")).toBeUndefined();
    expect(findHotel("hotel")).toBeUndefined();
    expect(findHotel("")).toBeUndefined();
  });
});

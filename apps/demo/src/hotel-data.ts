export interface Hotel {
  readonly name: string;
  readonly city: string;
  /** Price of a night, in whole euros. */
  readonly nightly: number;
  readonly about: string;
}

/** Every hotel that the desk can book. */
export const HOTELS: readonly Hotel[] = [
  { name: "McKittrick Hotel", city: "New York", nightly: 210, about: "five dark floors, masks at the door" },
  { name: "Hotel Aurora", city: "Helsinki", nightly: 145, about: "sauna on the roof, sea below" },
  { name: "Harbour Lights", city: "Helsinki", nightly: 98, about: "small rooms, long breakfast" },
  { name: "Casa do Limoeiro", city: "Lisbon", nightly: 120, about: "nine rooms round a lemon tree" },
  { name: "Miradouro Palace", city: "Lisbon", nightly: 265, about: "the view that is on the postcards" },
  { name: "The Old Mill", city: "Bath", nightly: 132, about: "the wheel still turns" },
];

/** Words that say nothing about which hotel is meant. */
const COMMON = new Set(["the", "hotel", "hotels", "in", "at", "a", "do", "of", "any", "all"]);

/** Splits into words without case, accents or signs. */
const wordsOf = (text: string): string[] =>
  normalise(text)
    .split(" ")
    .filter((word) => word !== "");

const normalise = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

/** Finds the hotel of this name: case, accents, "the" and "hotel" aside. */
export function findHotel(name: string): Hotel | undefined {
  const wanted = nameKey(name);
  return HOTELS.find((hotel) => nameKey(hotel.name) === wanted);
}

function nameKey(name: string): string {
  const words = wordsOf(name);
  const telling = words.filter((word) => !COMMON.has(word));
  return (telling.length === 0 ? words : telling).join(" ");
}

/** Finds the hotels whose name or city holds every telling word of the query, those with the name first. An empty query finds all. */
export function searchHotels(query: string): Hotel[] {
  const wanted = wordsOf(query).filter((word) => !COMMON.has(word));
  const matches = HOTELS.filter((hotel) => {
    const words = wordsOf(`${hotel.name} ${hotel.city}`);
    return wanted.every((word) => words.some((have) => have.startsWith(word)));
  });
  const exact = findHotel(query);
  return exact === undefined ? matches : [exact, ...matches.filter((hotel) => hotel !== exact)];
}

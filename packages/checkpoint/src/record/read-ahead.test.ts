import { expect, it } from "vitest";
import { ReadAhead } from "./read-ahead.js";

it("reads one checkpoint, then more, and never more than a page", () => {
  const ahead = new ReadAhead();
  const counts = Array.from({ length: 5 }, () => {
    const { count } = ahead;
    ahead.note([100]);
    return count;
  });
  expect(counts).toEqual([1, 8, 64, 100, 100]);
});

it("begins with a page where a smaller one would cost as much", () => {
  expect(new ReadAhead(true).count).toBe(100);
});

it("reads the fewer the larger their states are, and one at least", () => {
  const ahead = new ReadAhead();
  for (let page = 0; page < 4; page++) ahead.note([1_000_000, 10]);
  expect(ahead.count).toBe(16);
  ahead.note([1_000_000_000]);
  expect(ahead.count).toBe(1);
});

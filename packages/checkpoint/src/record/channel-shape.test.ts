import { expect, it } from "vitest";
import { ChannelShape } from "./channel-shape.js";

it("is found again by whoever adds the same channels to the same shape", () => {
  const empty = ChannelShape.empty();
  const one = empty.with(["a"]);
  expect(empty.with(["a"])).toBe(one);
  expect(one.with([])).toBe(one);
  expect(one.with(["b", "c"])).toBe(one.with(["b", "c"]));
  expect(one.with(["b", "c"]).channels).toEqual(["a", "b", "c"]);
  expect(one.with(["b", "c"]).places.get("c")).toBe(2);
  // A channel that is called what two others are remembered by.
  expect(one.with(['["b","c"]']).channels).toEqual(["a", '["b","c"]']);
  expect(one.with(["b", "c"]).channels).toEqual(["a", "b", "c"]);
});

it("continues those that it comes from, and no others", () => {
  const one = ChannelShape.empty().with(["a"]);
  const more = one.with(["b"]).with(["c"]);
  expect([more.continues(one), one.continues(one), one.continues(more)]).toEqual([true, true, false]);
  expect(more.continues(ChannelShape.empty().with(["a"]))).toBe(false);
  expect(one.with(["x"]).continues(one.with(["b"]))).toBe(false);
});

it("does not remember without end", () => {
  const empty = ChannelShape.empty();
  const wide = Array.from({ length: 1000 }, (_, index) => `channel ${index}`);
  const first = empty.with(wide);
  for (let round = 0; round < 100; round++) empty.with([`round ${round}`, ...wide]);
  expect(empty.with(wide)).toBe(first);
  expect(empty.with(["round 99", ...wide])).not.toBe(empty.with(["round 99", ...wide]));
});

// The channels share one interface, and here one table.
import { describe, expect, it } from "vitest";
import { Barrier } from "./barrier.js";
import { type Channel, EMPTY } from "./channel.js";
import { EphemeralValue } from "./ephemeral-value.js";
import { LastValue } from "./last-value.js";
import { Reducer } from "./reducer.js";
import { Topic } from "./topic.js";
import { UntrackedValue } from "./untracked-value.js";

const sum = (a: number, b: number) => a + b;
const concat = (a: number[], b: number[]) => a.concat(b);

const cases: [string, Channel<never, never>, unknown, unknown, unknown[], unknown][] = [
  ["LastValue keeps the last", new LastValue(), EMPTY, 1, [2], 2],
  ["LastValue keeps null", new LastValue(), EMPTY, 1, [null], null],
  ["LastValue has a default", new LastValue({ default: () => 7 }), 7, 7, [8], 8],
  ["Reducer takes the first write as it is, without a default", new Reducer(sum), EMPTY, EMPTY, [1, 2], 3],
  ["Reducer folds", new Reducer(sum, { default: () => 10 }), 10, 10, [1, 2], 13],
  ["Reducer folds into what it holds", new Reducer(concat, { default: () => [] }), [], [1], [[2], [], [3]], [1, 2, 3]],
  ["Topic keeps one step's items", new Topic(), EMPTY, [1], [2, [3, 4]], [2, 3, 4]],
  ["Topic keeps all items", new Topic({ accumulate: true }), EMPTY, [1], [2, [3, 4]], [1, 2, 3, 4]],
  ["EphemeralValue keeps the last of a step", new EphemeralValue(), EMPTY, 1, [2, 3], 3],
  ["UntrackedValue keeps the last of a run", new UntrackedValue(), EMPTY, 1, [2, 3], 3],
  ["Barrier gathers names", new Barrier(["a", "b", "c"]), EMPTY, ["b"], ["c", "b", "a"], ["a", "b", "c"]],
] as never;

describe("channels", () => {
  it.each(cases)("%s", (_, channel, initial, current, updates, expected) => {
    expect(channel.initial()).toEqual(initial);
    if (typeof current === "object") Object.freeze(current);
    expect(channel.update(current as never, updates as never, "key")).toEqual(expected);
  });

  it("make defaults anew, so that no thread shares one", () => {
    for (const channel of [new LastValue({ default: () => [] as number[] }), new Reducer(concat, { default: () => [] })]) {
      expect(channel.initial()).not.toBe(channel.initial());
    }
  });

  it("say which live for a step, and which are not saved", () => {
    const channels = [
      new LastValue(),
      new Reducer(sum),
      new Topic(),
      new Topic({ accumulate: true }),
      new EphemeralValue(),
      new UntrackedValue(),
    ];
    const traits = (channels as Channel[]).map(({ kind, ephemeral = false, saved = true }) => [kind, ephemeral, saved]);
    expect(traits).toEqual([
      ["last-value", false, true],
      ["reducer", false, true],
      ["topic", true, true],
      ["topic", false, true],
      ["ephemeral-value", true, true],
      ["untracked-value", false, false],
    ]);
  });
});

describe("LastValue", () => {
  it("refuses two values in one step, and names the key and the remedy", () => {
    expect(() => new LastValue().update(EMPTY, [1, 1], "total")).toThrow(
      expect.objectContaining({ code: "INVALID_CONCURRENT_GRAPH_UPDATE", message: expect.stringMatching(/"total" got 2 values.*reducer/) }),
    );
  });
});

describe("Barrier", () => {
  const barrier = new Barrier(["a", "b"]);
  it("is complete when every name is there, however often", () => {
    expect(barrier.isComplete(EMPTY)).toBe(false);
    expect(barrier.isComplete(barrier.update(EMPTY, ["a", "a"]))).toBe(false);
    expect(barrier.isComplete(barrier.update(["a"], ["b"]))).toBe(true);
  });
});

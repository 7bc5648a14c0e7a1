import { describe, expect, it } from "vitest";
import { describeUnknownKeys, nearest } from "./unknown-keys.js";

const known = ["checkpointer", "interruptBefore", "interruptAfter", "store", "name", "by"];

describe("nearest", () => {
  it.each([
    ["interruptBefor", "interruptBefore"],
    ["interrupt_before", "interruptBefore"],
    ["INTERRUPTBEFORE", "interruptBefore"],
    ["intteruptAfter", "interruptAfter"],
    ["checkpionter", "checkpointer"],
    ["Store", "store"],
    ["stor", "store"],
    ["nmae", "name"],
    ["bye", "by"],
    ["cache", undefined],
    ["interrupt", undefined],
    ["", undefined],
    ["x".repeat(100_000), undefined],
  ])("%s is %s", (misspelt, name) => expect(nearest(misspelt, known)).toBe(name));
});

describe("describeUnknownKeys", () => {
  it("is silent where all is known, or not given", () => {
    expect(describeUnknownKeys({ store: 1, name: null, cache: undefined, stor: undefined }, known)).toBeUndefined();
  });
  it("names what is not, with what was meant or is to be done", () => {
    const given = { stor: 1, cache: {}, other: 0, policy: false };
    const elsewhere = { cache: "use task()", policy: "use task()" };
    expect(describeUnknownKeys(given, known, elsewhere)).toBe("stor (did you mean store?), cache (use task()), other");
  });
  it("takes no inherited name for one", () => {
    expect(describeUnknownKeys({ constructor: 1, toString: 1 }, known, {})).toBe("constructor, toString");
  });
});

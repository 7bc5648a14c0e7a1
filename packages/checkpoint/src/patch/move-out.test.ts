import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffChannels } from "./diff-channels.js";
import { applyPatch, foldPatches } from "./fold.js";
import { moveOut } from "./move-out.js";
import type { Patch } from "./patch.js";
import type { PlainObject } from "./plain.js";

const facts = { isAsStored: () => true, isPartAsStored: () => true };
const text = "a long text ".repeat(20);

function patchOf(before: PlainObject, after: PlainObject): Patch {
  const difference = diffChannels(before, after, { ...facts, written: Object.keys(after) });
  return moveOut(before, difference?.patch ?? ["=", after], Object.keys(before)).patch;
}

/** What comes back from storage: equal, and no object of the caller's. */
const stored = <T>(value: T): T => structuredClone(value);

describe("what moves", () => {
  it("is stored once: an input that waited stands in the state afterwards", () => {
    const message = { role: "user", content: text };
    const before = { messages: [{ role: "ai", content: "hello" }], waiting: { start: { writes: [["messages", [message]]] } } };
    const after = { messages: [...before.messages, message], waiting: { nodes: ["talk"] } };
    const patch = patchOf(before, after);
    expect(JSON.stringify(patch)).not.toContain("a long text");
    expect(applyPatch(stored(before), stored(patch))).toEqual(after);
  });

  it("is a text, too, by its value", () => {
    const before = { question: "", waiting: { writes: [["question", text]] } };
    const after = { question: `${text}`, waiting: { nodes: [] } };
    const patch = patchOf(before, after);
    expect(JSON.stringify(patch).length).toBeLessThan(150);
    expect(applyPatch(stored(before), stored(patch))).toEqual(after);
  });

  it("is stored again where it is small, or equal but another object", () => {
    const small = { n: 1 };
    for (const [was, is] of [
      [small, small],
      [{ text: `${text} 1` }, { text: `${text} 2` }],
    ] as const) {
      const before = { list: [0], waiting: { writes: [was] } };
      const after = { list: [0, is], waiting: {} };
      expect(JSON.stringify(patchOf(before, after))).toContain(JSON.stringify(is));
    }
  });

  it("may stand in two places afterwards: a later change of one leaves the other as it is", () => {
    const part = { text, tags: ["a"] };
    const first: PlainObject = { waiting: { part }, one: { x: 0, more: 1 }, two: { x: 0, more: 1 } };
    const second: PlainObject = { waiting: {}, one: { x: part, more: 1 }, two: { x: part, more: 1 } };
    const third: PlainObject = { waiting: {}, one: { x: { ...part, tags: ["a", "b"] }, more: 1 }, two: { x: part, more: 1 } };
    const patches = [patchOf(first, second), patchOf(second, third)];
    expect(foldPatches(stored(first), stored(patches))).toEqual(third);
  });

  it("comes back exactly from any history, as from full copies", () => {
    const leaf = fc.oneof(fc.string({ maxLength: 4 }), fc.constant(text), fc.record({ id: fc.nat(9), body: fc.constant(`${text}!`) }));
    const change = fc.record({
      add: fc.array(leaf, { maxLength: 3 }),
      from: fc.nat(5),
      take: fc.boolean(),
      drop: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), (changes) => {
        let state: PlainObject = { list: [], waiting: { parts: [] }, other: {} };
        const states = [state];
        for (const { add, from, take, drop } of changes) {
          const parts = (state.waiting as { parts: unknown[] }).parts;
          const taken = take ? parts.slice(from % (parts.length + 1)) : [];
          state = {
            list: [...(drop ? [] : (state.list as unknown[])), ...taken],
            waiting: { parts: add },
            other: taken[0] === undefined ? state.other : { ...(state.other as object), [`k${from}`]: taken[0] },
          };
          states.push(state);
        }
        const patches = states.slice(1).map((after, at) => stored(patchOf(states[at] as PlainObject, after)));
        for (let at = 0; at < patches.length; at++) {
          expect(foldPatches(stored(states[0]), patches.slice(0, at + 1))).toEqual(states[at + 1]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    [["m", [[["gone"], ["list", 0]]], ["o", {}]]],
    [
      [
        "m",
        [
          [
            ["waiting", "parts", 9],
            ["list", 0],
          ],
        ],
        ["o", {}],
      ],
    ],
    [["m", [[["waiting"], ["list", 5]]], ["o", {}]]],
    [
      [
        "m",
        [
          [
            ["waiting", "constructor"],
            ["list", 0],
          ],
        ],
        ["o", {}],
      ],
    ],
    [["m", [[["waiting"], ["__proto__"]]], ["o", {}]]],
    [["m", "x", ["o", {}]]],
    [["m", [1], ["o", {}]]],
    [["m", [[["waiting"], "list"]], ["o", {}]]],
  ])("is refused where it does not fit: %j", (patch) => {
    const value = { list: [1], waiting: { parts: [] } };
    expect(() => applyPatch(value, patch as unknown as Patch)).toThrow(expect.objectContaining({ code: "CORRUPT_DATA" }));
  });
});

// What a fold shows between two patches: as exact as folding up to there alone, and nobody else's.
import assert from "node:assert/strict";
import { describe, expect, it } from "vitest";
import { randomOf } from "../conformance/random.js";
import { changeState, firstState } from "../conformance/random-state.js";
import { diffChannels } from "./diff-channels.js";
import { Folding, foldPatches } from "./fold.js";
import { moveOut } from "./move-out.js";
import type { Patch } from "./patch.js";
import { isPlainArray, isPlainObject, type PlainObject } from "./plain.js";

function patchOf(before: PlainObject, after: PlainObject): Patch {
  const written = Object.keys(after).filter((channel) => !Object.is(before[channel], after[channel]));
  const facts = { written, isAsStored: () => true, isPartAsStored: () => true };
  return moveOut(before, diffChannels(before, after, facts)?.patch ?? ["=", after], Object.keys(before)).patch;
}

/** States that follow each other, with what was stored of them. */
function history(seed: number): { states: PlainObject[]; first: PlainObject; patches: Patch[] } {
  const random = randomOf(seed, true);
  const states: PlainObject[] = [firstState(random).values];
  for (let step = 0; step < 30; step++) states.push(changeState(states.at(-1)!, random, false).values);
  const patches = states.slice(1).map((after, at) => structuredClone(patchOf(states[at]!, after)));
  return { states, first: structuredClone(states[0]!), patches };
}

/** Changes each container that the fold made: those that nothing stored holds. */
function scribble(value: unknown, stored: ReadonlySet<unknown>): void {
  if ((!isPlainArray(value) && !isPlainObject(value)) || stored.has(value)) return;
  for (const part of Object.values(value)) scribble(part, stored);
  if (isPlainArray(value)) value.reverse().push("scribble");
  else value.scribble = true;
}

function containersOf(value: unknown, found = new Set<unknown>()): Set<unknown> {
  if (typeof value !== "object" || value === null || found.has(value)) return found;
  found.add(value);
  for (const part of Object.values(value)) containersOf(part, found);
  return found;
}

describe("a fold that is looked at between patches", () => {
  it("shows each state, exactly", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const { states, first, patches } = history(seed);
      const folding = new Folding(first);
      const seen = patches.map((patch) => {
        folding.apply(patch);
        return folding.snapshot();
      });
      assert.deepEqual(seen, states.slice(1));
      assert.deepEqual(foldPatches(first, patches), states.at(-1));
    }
  });

  it("gives each what the patches have made, so that changing one changes no other, and nothing stored", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const { states, first, patches } = history(seed);
      const stored = containersOf([first, patches]);
      const before = JSON.stringify([first, patches]);
      const folding = new Folding(first);
      for (const [at, patch] of patches.entries()) {
        folding.apply(patch);
        const snapshot = folding.snapshot();
        assert.deepEqual(snapshot, states[at + 1]);
        scribble(snapshot, stored);
      }
      assert.equal(JSON.stringify([first, patches]), before);
    }
  });

  it("keeps apart what stands in two places", () => {
    const folding = new Folding({ a: [1], b: {} });
    folding.apply(["o", {}, { a: ["s", 1, 0, [2]] }]);
    folding.apply(["m", [[["a"], ["b", "copy"]]], ["o", {}, { b: ["o", { copy: null }] }]]);
    const one = folding.snapshot() as { a: number[]; b: { copy: number[] } };
    folding.apply(["o", {}, { a: ["s", 2, 0, [3]] }]);
    one.b.copy.push(99);
    expect(folding.snapshot()).toEqual({ a: [1, 2, 3], b: { copy: [1, 2] } });
  });
});

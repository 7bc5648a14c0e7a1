import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSerializer } from "../serde/create-serializer.js";
import { diff } from "./diff.js";
import { applyPatch, foldPatches } from "./fold.js";
import type { Patch } from "./patch.js";
import { shouldSnapshot } from "./should-snapshot.js";

const serializer = createSerializer();
const stored = (value: unknown) => serializer.loads(serializer.dumps(value));

/** What a saver does: stores the difference as text, and applies it to what it had stored. */
function throughPatch(before: unknown, after: unknown): { result: unknown; patch: Patch | undefined } {
  const patch = diff(before, after)?.patch;
  return { patch, result: patch === undefined ? stored(after) : applyPatch(stored(before), stored(patch) as Patch) };
}

const parts = [1, -0, 0, Number.NaN, "a", "x".repeat(80), null, undefined, { a: 1 }, { "~hp": "set" }, ["o", {}], [], {}];
const container = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, fc.constantFrom(...parts), tie("list"), tie("object")),
  list: fc.array(tie("value"), { maxLength: 6 }),
  object: fc.dictionary(fc.constantFrom("a", "b", "c", "d", "1", "2", "10", "~hp", "constructor"), tie("value"), { maxKeys: 5 }),
}));

/** Another container that shares parts with the first, as a reducer would make it. */
function variants(before: unknown): fc.Arbitrary<unknown> {
  if (Array.isArray(before)) {
    const item = fc.oneof(fc.constantFrom(...before, "new"), container.value);
    return fc.oneof(
      fc.array(item, { maxLength: 8 }),
      fc.array(item, { maxLength: 3 }).map((tail) => [...before, ...tail]),
      fc.tuple(fc.nat(6), fc.nat(3), fc.array(item, { maxLength: 3 })).map(([at, count, items]) => before.toSpliced(at, count, ...items)),
      fc.tuple(
        ...before.map((old: unknown) => fc.oneof({ weight: 3, arbitrary: fc.constant(old) }, { weight: 1, arbitrary: variants(old) })),
      ),
    );
  }
  if (typeof before === "object" && before !== null) {
    const entries = Object.entries(before);
    return fc
      .tuple(
        fc.shuffledSubarray(entries, { minLength: 0 }),
        fc.boolean(),
        fc.dictionary(fc.constantFrom("a", "b", "e", "3", "f"), container.value, { maxKeys: 2 }),
        entries.length === 0
          ? fc.constant({})
          : fc.constantFrom(...entries).chain(([key, old]) => variants(old).map((value) => ({ [key]: value }))),
      )
      .map(([kept, inOrder, added, changed]) => ({
        ...Object.fromEntries(inOrder ? entries.filter((entry) => kept.includes(entry)) : kept),
        ...changed,
        ...added,
      }));
  }
  return fc.oneof(fc.constant(typeof before === "string" ? `${before}more` : before), container.value);
}

describe("diff and applyPatch", () => {
  it("lead exactly from the old value to the new one, whatever was shared, in the order of keys", () => {
    const pairs = fc.oneof(container.list, container.object).chain((before) => variants(before).map((after) => [before, after] as const));
    fc.assert(
      fc.property(pairs, ([before, after]) => {
        const untouched = serializer.dumps(before);
        const { result } = throughPatch(before, after);
        assert.deepEqual(result, stored(after));
        assert.equal(serializer.dumps(result), serializer.dumps(after));
        assert.equal(serializer.dumps(before), untouched);
      }),
      { numRuns: 5000 },
    );
  });

  it("fold a chain as one by one, and change none of the values", () => {
    const chains = container.list.chain((first) =>
      variants(first).chain((second) => variants(second).map((third) => [first, second, third])),
    );
    fc.assert(
      fc.property(chains, (states) => {
        const patches = states.slice(1).map((after, at) => (diff(states[at], after)?.patch ?? ["=", after]) as Patch);
        const [first, texts] = [serializer.dumps(states[0]), serializer.dumps(patches)];
        assert.equal(serializer.dumps(foldPatches(states[0], patches)), serializer.dumps(states[2]));
        assert.deepEqual([serializer.dumps(states[0]), serializer.dumps(patches)], [first, texts]);
      }),
      { numRuns: 2000 },
    );
  });

  it("store what changed", () => {
    const messages = Array.from({ length: 100 }, (_, n) => ({ n, text: "x".repeat(100) }));
    const added = { n: 100, text: "new" };
    const byKey = Object.fromEntries(messages.map((message) => [`k${message.n}`, message]));
    expect(diff(messages, [...messages, added])?.patch).toEqual(["s", 100, 0, [added]]);
    expect(diff(messages, messages.slice(0, 98))?.patch).toEqual(["s", 98, 2, []]);
    expect(diff(messages, messages.slice(1))?.patch).toEqual(["s", 0, 1, []]);
    expect(diff(messages, messages.with(5, added))?.patch).toEqual(["i", 100, [], [5, added], []]);
    expect(diff(messages, messages.with(5, { ...messages[5]!, n: -1 }))?.patch).toEqual(["i", 100, [], [], [5, ["o", { n: -1 }]]]);
    expect(diff(byKey, { ...byKey, k5: added })?.patch).toEqual(["o", { k5: added }]);
    expect(diff({ deep: byKey, b: 1 }, { deep: { ...byKey, k5: added }, b: 1 })?.patch).toEqual(["o", {}, { deep: ["o", { k5: added }] }]);
    expect(diff({ text: "x".repeat(500) }, { text: `${"x".repeat(500)}y` })?.patch).toEqual(["o", {}, { text: ["t", 500, "y"] }]);
    expect(diff([1, 2], [3, 4])).toBeUndefined();
    expect(diff({ a: 1 }, { b: 1 })).toBeUndefined();
  });

  it("keep holes apart from undefined", () => {
    const sparse = (length: number, items: Record<number, unknown>): unknown[] => Object.assign([], items, { length });
    const holes = sparse(4, { 0: 1, 2: 3, 3: undefined });
    const others = [
      [1, undefined, 3, undefined],
      sparse(5, { 0: 1, 2: 3, 4: 5 }),
      sparse(5, { 0: 1, 2: 3, 3: undefined, 4: 5 }),
      sparse(2, { 0: 1 }),
    ];
    for (const after of others) {
      const { result } = throughPatch(holes, after);
      assert.deepEqual(result, after);
      assert.deepEqual(Object.keys(result as object), Object.keys(after));
    }
  });

  it("do not treat what is not plain as plain", () => {
    class Message {
      constructor(readonly text: string) {}
    }
    const message = new Message("a");
    expect(diff([message], [message, new Message("b")])?.patch).toEqual(["s", 1, 0, [new Message("b")]]);
    expect(diff(message, new Message("b"))).toBeUndefined();
    expect(diff(new Map([["a", 1]]), new Map([["a", 1]]))).toBeUndefined();
    expect(diff({ a: 1 }, JSON.parse('{"a":1,"__proto__":2}'))).toBeUndefined();
  });
});

describe("shouldSnapshot", () => {
  const grow = (steps: number, change: (live: number) => { added: number; dropped: number }, start: number) => {
    let [live, chain, count, snapshots, patches, worst] = [start, start, 0, 0, 0, 0];
    for (let step = 0; step < steps; step++) {
      const { added, dropped } = change(live);
      live += added - dropped;
      patches += added;
      if (shouldSnapshot({ liveSize: live, chainSize: chain + added, patchCount: count + 1 })) {
        snapshots += live;
        [chain, count] = [live, 0];
      } else [chain, count] = [chain + added, count + 1];
      worst = Math.max(worst, chain - 2 * live);
    }
    return { snapshots, patches, worst };
  };

  it("never stores again what only grows", () => {
    expect(grow(2000, () => ({ added: 1000, dropped: 0 }), 500).snapshots).toBe(0);
  });

  it("keeps snapshots in proportion to patches, and reading within twice the value", () => {
    for (const start of [100, 5000, 100_000]) {
      const { snapshots, patches, worst } = grow(5000, () => ({ added: 100, dropped: 100 }), start);
      expect(snapshots).toBeLessThan(patches + 5000 * 64 + start);
      expect(worst).toBeLessThanOrEqual(2048);
    }
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CheckpointFacts, planPrune } from "./plan-prune.js";
import type { ResolvedPrune } from "./resolve-prune.js";

const DEFAULTS: ResolvedPrune = { threadId: undefined, keepLast: 1, olderThan: undefined };

/** A checkpoint of the root unless `more` says otherwise; its id tells its time. */
function fact(id: string, more: Partial<CheckpointFacts> = {}): CheckpointFacts {
  const time = Number.parseInt(id.slice(1), 10);
  return { ns: "", id, isSaved: true, parentId: undefined, baseId: undefined, time, parents: undefined, isAsking: false, ...more };
}

/** A line of checkpoints, each the parent and base of the next. */
function line(ids: readonly string[], more: Partial<CheckpointFacts> = {}): CheckpointFacts[] {
  return ids.map((id, at) => fact(id, { parentId: ids[at - 1], baseId: ids[at - 1], ...more }));
}

const names = (facts: readonly CheckpointFacts[]) => facts.map(({ ns, id }) => (ns === "" ? id : `${ns}/${id}`)).sort();
const going = (facts: readonly CheckpointFacts[], options: Partial<ResolvedPrune> = {}) =>
  names(planPrune(facts, { ...DEFAULTS, ...options }).going);

describe("planPrune", () => {
  it("keeps the newest of a line, whatever the order in which it gets them", () => {
    const facts = line(["c1", "c2", "c3", "c4"]);
    expect(going(facts)).toEqual(["c1", "c2", "c3"]);
    expect(going(facts.toReversed(), { keepLast: 3 })).toEqual(["c1"]);
    expect(going(facts, { keepLast: 9 })).toEqual([]);
    expect(going(facts, { keepLast: 0 })).toEqual(["c1", "c2", "c3", "c4"]);
    expect(going([])).toEqual([]);
  });

  it("says what loses its parent, and what has to be stored whole", () => {
    const plan = planPrune(line(["c1", "c2", "c3", "c4"]), { ...DEFAULTS, keepLast: 2 });
    expect([names(plan.orphaned), names(plan.detached)]).toEqual([["c3"], ["c3"]]);
    const whole = [fact("c1"), fact("c2", { parentId: "c1" }), fact("c3", { parentId: "c1", baseId: "c1" })];
    const forks = planPrune(whole, { ...DEFAULTS, keepLast: 2 });
    expect([names(forks.orphaned), names(forks.detached)]).toEqual([["c2", "c3"], ["c3"]]);
  });

  it("keeps what is younger, or does not tell its age, beside the newest", () => {
    const facts = [...line(["c1", "c2", "c3", "c4"]), fact("b0", { time: undefined })];
    expect(going(facts, { olderThan: 3 })).toEqual(["c1", "c2"]);
    expect(going(facts, { olderThan: 99 })).toEqual(["c1", "c2", "c3"]);
    expect(going(facts, { olderThan: 99, keepLast: 0 })).toEqual(["c1", "c2", "c3", "c4"]);
    expect(going(facts, { olderThan: 1, keepLast: 0 })).toEqual([]);
  });

  it("keeps what waits for an answer", () => {
    const facts = line(["c1", "c2", "c3"]).map((one) => ({ ...one, isAsking: one.id === "c2" }));
    expect(going(facts)).toEqual(["c1"]);
    expect(going(facts, { keepLast: 0 })).toEqual(["c1", "c3"]);
  });

  it("keeps each call of a subgraph as long as the root checkpoint that made it, and no longer", () => {
    const ofCall = (root: string, ...ids: string[]) => line(ids, { ns: `node:${root}`, parents: { "": root } });
    const facts = [...line(["c1", "c2", "c5"]), ...ofCall("c1", "s1", "s2"), ...ofCall("c2", "s3"), ...ofCall("c5", "s6", "s7")];
    expect(going(facts)).toEqual(["c1", "c2", "node:c1/s1", "node:c1/s2", "node:c2/s3"]);
    expect(going(facts, { keepLast: 2 })).toEqual(["c1", "node:c1/s1", "node:c1/s2"]);
    expect(going(facts, { keepLast: 0 })).toHaveLength(facts.length);
    const asking = facts.map((one) => (one.id === "c5" ? { ...one, isAsking: true } : one));
    expect(going(asking, { keepLast: 0 })).toEqual(["c1", "c2", "node:c1/s1", "node:c1/s2", "node:c2/s3"]);
    expect(going(facts, { olderThan: 2 })).toEqual(["c1", "node:c1/s1"]);
  });

  it("keeps what is nested in a subgraph with the checkpoint around it", () => {
    const parents = { "": "c1", "outer:t": "s2" };
    const facts = [
      ...line(["c1", "c2"]),
      ...line(["s2"], { ns: "outer:t", parents: { "": "c2" } }),
      ...line(["n1", "n2"], { ns: "outer:t|inner:u", parents }),
      ...line(["n3"], { ns: "outer:t|inner:v", parents: { "": "c1", "outer:t": "s1" } }),
    ];
    expect(going(facts)).toEqual(["c1", "outer:t|inner:v/n3"]);
  });

  it("keeps the newest of a lasting subgraph as long as the thread stays, whatever made it", () => {
    const facts = [...line(["c5", "c6"]), ...["s1", "s2"].map((id) => fact(id, { ns: "memory", parents: { "": "c5" } }))];
    expect(going(facts)).toEqual(["c5", "memory/s1"]);
    expect(going(facts, { keepLast: 0, olderThan: 6 })).toEqual(["c5", "memory/s1"]);
    expect(going(facts, { keepLast: 0, olderThan: 7 })).toHaveLength(4);
  });

  it("counts where nothing tells what a line belongs to", () => {
    const facts = [...line(["c1", "c2"]), ...line(["s1", "s2"], { ns: "node:t" }), ...line(["s3", "s4"], { ns: "node:u", parents: {} })];
    expect(going(facts)).toEqual(["c1", "node:t/s1", "node:u/s3"]);
  });

  it("keeps a subgraph whose root checkpoint is still on its way", () => {
    const facts = [...line(["c1", "c2"]), ...line(["s3"], { ns: "node:t", parents: { "": "c3" } })];
    expect(going(facts)).toEqual(["c1"]);
    expect(going(facts, { keepLast: 0 })).toHaveLength(3);
  });

  it("keeps writes that wait for their checkpoint, unless the line went on without it", () => {
    const late = (id: string) => fact(id, { isSaved: false });
    const facts = [...line(["c2", "c4"]), late("c1"), late("c3"), late("c5")];
    expect(going(facts)).toEqual(["c1", "c2", "c3"]);
    expect(going([late("c1")])).toEqual([]);
    expect(going([late("c1")], { keepLast: 0 })).toEqual(["c1"]);
    expect(going(facts, { keepLast: 0 })).toHaveLength(5);
  });
});

describe("any thread", () => {
  const ids = fc.integer({ min: 1, max: 40 }).map((n) => `c${String(n).padStart(2, "0")}`);
  const facts = fc
    .uniqueArray(
      fc.record({ ns: fc.constantFrom("", "node:a", "node:b", "node:a|in:c", "lasting"), id: ids, isAsking: fc.boolean(), root: ids }),
      {
        selector: ({ ns, id }) => `${ns}/${id}`,
        maxLength: 40,
      },
    )
    .map((list) =>
      list.map(({ root, ...one }): CheckpointFacts => {
        const older = list.filter(({ ns, id }) => ns === one.ns && id < one.id).map(({ id }) => id);
        const parentId = older.at(root.charCodeAt(2) % (older.length + 1));
        const parents = one.ns === "" ? undefined : { "": root };
        return fact(one.id, { ...one, isAsking: one.isAsking && one.ns === "", parentId, baseId: parentId, parents });
      }),
    );
  const options = fc.record({
    threadId: fc.constant(undefined),
    keepLast: fc.nat(4),
    olderThan: fc.option(fc.nat(45), { nil: undefined }),
  });

  it("can be read after what goes has gone, and has what the options promise", () => {
    fc.assert(
      fc.property(facts, options, (all, chosen) => {
        const plan = planPrune(all, chosen);
        const gone = new Set(plan.going);
        const staying = all.filter((one) => !gone.has(one));
        const stays = (ns: string, id: string | undefined) => staying.some((one) => one.ns === ns && one.id === id);
        for (const one of staying) {
          expect(plan.orphaned.includes(one)).toBe(one.parentId !== undefined && !stays(one.ns, one.parentId));
          expect(plan.detached.includes(one)).toBe(one.baseId !== undefined && !stays(one.ns, one.baseId));
        }
        for (const one of plan.going) {
          expect(one.isAsking).toBe(false);
          if (chosen.olderThan !== undefined) expect(one.time).toBeLessThan(chosen.olderThan);
          expect(one.ns !== "" && stays("", one.parents?.[""])).toBe(false);
        }
        for (const ns of ["", "lasting"]) {
          const newest = all.filter((one) => one.ns === ns).sort((a, b) => (a.id < b.id ? 1 : -1));
          for (const one of newest.slice(0, chosen.keepLast)) expect(stays(ns, one.id)).toBe(true);
        }
        if (staying.some(({ ns }) => ns === "") && all.some(({ ns }) => ns === "lasting")) {
          expect(staying.some(({ ns }) => ns === "lasting")).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("loses nothing more when it is pruned again", () => {
    fc.assert(
      fc.property(facts, options, (all, chosen) => {
        const gone = new Set(planPrune(all, chosen).going);
        const left = all
          .filter((one) => !gone.has(one))
          .map((one) => {
            const isThere = all.some(({ ns, id }) => ns === one.ns && id === one.parentId && !gone.has(one));
            return isThere ? one : { ...one, parentId: undefined, baseId: undefined };
          });
        expect(names(planPrune(left, chosen).going)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

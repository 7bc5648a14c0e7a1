// Random graphs on real savers: at every checkpoint of every branch, what is read is what was put. Full copies are the measure.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CheckpointSaver, Command, type Durability, GraphError } from "../../src/index.js";
import { ownSavers } from "../support/each-saver.js";
import { collect, newThread, savesEachStep } from "../support/run.js";
import { CopyingSaver } from "./copying-saver.js";
import { type Mutates, randomGraph } from "./random-graph.js";

type Deed =
  | { readonly kind: "go on"; readonly durability: Durability }
  | { readonly kind: "new input"; readonly durability: Durability }
  | { readonly kind: "update"; readonly back: number }
  | { readonly kind: "go back"; readonly back: number }
  | { readonly kind: "reopen" };

const durability = fc.constantFrom<Durability>("sync", "async", "exit");
const deeds = fc.array(
  fc.oneof<fc.Arbitrary<Deed>[]>(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("go on"), durability }) } as never,
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("new input"), durability }) } as never,
    fc.record({ kind: fc.constant("update"), back: fc.nat(12) }),
    fc.record({ kind: fc.constant("go back"), back: fc.nat(20) }),
    fc.record({ kind: fc.constant("reopen") }),
  ),
  { minLength: 4, maxLength: 14 },
);

interface Story {
  readonly seed: number;
  readonly deeds: readonly Deed[];
  readonly mutates: Mutates;
  readonly strict: boolean;
}

/** Lives a thread: runs, answers, edits and goes back as the deeds say; then compares. @returns the first error of the graph, if any */
async function live(open: (typeof ownSavers)[number]["open"], { seed, deeds, mutates, strict }: Story): Promise<unknown> {
  const { saver, reopen } = open();
  const copies = new CopyingSaver({ mayMutate: mutates !== "nothing" });
  let current: CheckpointSaver = copies.around(saver);
  const config = newThread();
  // The graph inside too: each is strict by itself.
  const graph = () => randomGraph(seed, mutates, strict).compile({ checkpointer: current, strict });
  const run = (input: never, options: object = {}) => graph().invoke(input, { ...config, recursionLimit: 60, ...options });
  let failure: unknown;
  try {
    await run({ text: "start" } as never, savesEachStep);
    for (const [index, deed] of deeds.entries()) {
      const { interrupts, next } = await graph().getState(config);
      const answers = Object.fromEntries(interrupts.map(({ id }, at) => [id, { index, at, list: ["answer"] }]));
      if (deed.kind === "reopen") current = copies.around(reopen());
      else if (deed.kind === "new input") await run({ text: `input ${index}`, items: [{ id: "m1", text: "again" }] } as never, deed);
      else if (deed.kind === "go on") {
        if (interrupts.length > 0) await run(new Command({ resume: answers }) as never, deed);
        else if (next.length > 0) await run(null as never, deed);
      } else {
        const states = await collect(graph().getStateHistory(config));
        const older = states[deed.back % states.length]!;
        if (deed.kind === "update") await graph().updateState(older.config, { dict: { edited: index } }, "a");
        else await run(null as never, { ...older.config });
      }
    }
  } catch (error) {
    failure = error;
  }
  await copies.compare(reopen());
  await copies.compare(current);
  if (failure === undefined) expect(copies.checkpoints).toBeGreaterThan(1);
  return failure;
}

describe.each(ownSavers)("a random graph on $name", ({ name, open }) => {
  const numRuns = name === "MemorySaver" ? 40 : 20;

  it("reads back exactly at every checkpoint, forks and edits included", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(100_000), deeds, async (seed, list) => {
        const failure = await live(open, { seed, deeds: list, mutates: "nothing", strict: false });
        if (failure !== undefined) throw failure;
      }),
      { numRuns },
    );
  });

  it("does the same in strict mode", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(100_000), deeds, async (seed, list) => {
        const failure = await live(open, { seed, deeds: list, mutates: "nothing", strict: true });
        if (failure !== undefined) throw failure;
      }),
      { numRuns: numRuns / 2 },
    );
  });

  it("whose nodes change values of the state in place reads back what was written", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(100_000), deeds, async (seed, list) => {
        const failure = await live(open, { seed, deeds: list, mutates: "keys", strict: false });
        if (failure !== undefined) throw failure;
      }),
      { numRuns },
    );
  });

  it("whose nodes change the state in place is found out in strict mode", async () => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(100_000), deeds, async (seed, list) => {
        const failure = await live(open, { seed, deeds: list, mutates: "anything", strict: true });
        if (failure === undefined) return;
        expect(GraphError.is(failure, "STATE_MUTATED"), String(failure)).toBe(true);
        found += 1;
      }),
      { numRuns: numRuns / 2 },
    );
    expect(found).toBeGreaterThan(numRuns / 8);
  });
});

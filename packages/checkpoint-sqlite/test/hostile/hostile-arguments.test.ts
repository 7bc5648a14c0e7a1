// Names and filters that come from anybody: they name what they say and nothing else, or are refused with a code.
import {
  CheckpointError,
  type CheckpointSaver,
  type CheckpointTuple,
  checkpointId,
  MemorySaver,
  matchesFilter,
} from "@holdpoint/checkpoint";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SqliteSaver } from "../../src/index.js";

const SAVERS: readonly [string, () => CheckpointSaver & { close?(): void }][] = [
  ["MemorySaver", () => new MemorySaver()],
  ["SqliteSaver", () => SqliteSaver.fromConnString(":memory:")],
];

const NASTY = [
  "",
  "a",
  "__proto__",
  "constructor",
  "hasOwnProperty",
  "toString",
  "'; DROP TABLE holdpoint_line; --",
  '"',
  "'",
  "`",
  "$",
  "$.a",
  "a.b",
  "a[0]",
  "[0]",
  "#-1",
  "%",
  "_",
  "\0",
  "a\0b",
  "\ud800",
  "\udfff\ud800",
  "\u0001",
  '\u0001"a"',
  "\ufeff",
  "é",
  "e\u0301",
  "👩‍🔧",
  "~hp",
  "x".repeat(10_000),
  "|",
  "node:1|sub:2",
  "\n",
  "\u2028",
];

const name = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...NASTY) }, fc.string({ unit: "binary", maxLength: 8 }));
const odd = fc.constantFrom<unknown>(
  null,
  undefined,
  0,
  1,
  -1,
  Number.NaN,
  true,
  [],
  {},
  ["a"],
  { toString: "x" },
  5n,
  Symbol("s"),
  () => "a",
  new Date(0),
);
const anything = fc.oneof(name, odd);

/** A value, or a CheckpointError. */
async function outcome<T>(call: () => Promise<T>): Promise<T | { readonly code: string }> {
  try {
    return await call();
  } catch (error) {
    if (!CheckpointError.is(error)) throw error;
    return { code: error.code };
  }
}

async function all(tuples: AsyncIterable<CheckpointTuple>): Promise<CheckpointTuple[]> {
  const result: CheckpointTuple[] = [];
  for await (const one of tuples) result.push(one);
  return result;
}

const checkpointWith = (id: string, value: unknown) => ({
  v: 4,
  id,
  ts: "",
  channel_values: { value },
  channel_versions: { value: id },
  versions_seen: {},
});
const META = { source: "loop", step: 0, parents: {} } as const;

describe.each(SAVERS)("%s with names from anybody", (_, open) => {
  it("keeps each thread, namespace and task apart from every other", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(name, name, name), { minLength: 2, maxLength: 8, selector: (one) => JSON.stringify(one) }),
        async (places) => {
          const saver = open();
          const saved: { readonly thread: string; readonly ns: string; readonly id: string; readonly task: string }[] = [];
          for (const [thread, ns, task] of places) {
            const id = checkpointId();
            const config = { configurable: { thread_id: thread, checkpoint_ns: ns } };
            const done = await outcome(() => saver.put(config, checkpointWith(id, [thread, ns]), { ...META }, {}));
            if ("code" in done) {
              expect(done.code).toBe("INVALID_CONFIG");
              expect(thread).toBe("");
              continue;
            }
            await saver.putWrites({ configurable: { ...config.configurable, checkpoint_id: id } }, [[task, task]], task);
            saved.push({ thread, ns, id, task });
          }
          for (const { thread, ns, id, task } of saved) {
            const own = saved.filter((one) => one.thread === thread && one.ns === ns);
            const tuple = await saver.getTuple({ configurable: { thread_id: thread, checkpoint_ns: ns, checkpoint_id: id } });
            expect(tuple?.checkpoint.channel_values.value).toEqual([thread, ns]);
            expect(tuple?.pendingWrites).toEqual([[task, task, task]]);
            expect(tuple?.config.configurable).toEqual({ thread_id: thread, checkpoint_ns: ns, checkpoint_id: id });
            const listed = await all(saver.list({ configurable: { thread_id: thread, checkpoint_ns: ns } }));
            expect(listed.map(({ checkpoint }) => checkpoint.id).sort()).toEqual(own.map((one) => one.id).sort());
          }
          const [gone] = saved;
          if (gone !== undefined) {
            await saver.deleteThread(gone.thread);
            const left = await all(saver.list({}));
            expect(left.map(({ checkpoint }) => checkpoint.id).sort()).toEqual(
              saved
                .filter((one) => one.thread !== gone.thread)
                .map((one) => one.id)
                .sort(),
            );
          }
          saver.close?.();
        },
      ),
      { numRuns: 60 },
    );
  });

  it("takes no checkpoint id that the storage could not order, and finds the others", async () => {
    const saver = open();
    await fc.assert(
      fc.asyncProperty(name, async (id) => {
        const config = { configurable: { thread_id: "ids", checkpoint_ns: "" } };
        const done = await outcome(() => saver.put(config, checkpointWith(id, id), { ...META }, {}));
        if ("code" in done) expect(done.code).toBe("INVALID_ARGUMENT");
        else
          expect((await saver.getTuple({ configurable: { thread_id: "ids", checkpoint_id: id } }))?.checkpoint.channel_values.value).toBe(
            id,
          );
      }),
      { numRuns: 150 },
    );
    const ids = (await all(saver.list({ configurable: { thread_id: "ids" } }))).map(({ checkpoint }) => checkpoint.id);
    expect(new Set(ids).size).toBe(ids.length);
    saver.close?.();
  });

  it("answers every call with a value or a code, whatever stands in the config", async () => {
    const saver = open();
    await saver.put({ configurable: { thread_id: "a", checkpoint_ns: "" } }, checkpointWith(checkpointId(), 1), { ...META }, {});
    await fc.assert(
      fc.asyncProperty(anything, anything, anything, anything, name, async (thread, ns, id, other, text) => {
        const config = { configurable: { thread_id: thread, checkpoint_ns: ns, checkpoint_id: id } } as never;
        await outcome(() => saver.getTuple(config));
        await outcome(() => all(saver.list(config, { before: config, limit: other as never })));
        await outcome(() => saver.putWrites(config, [[text, 1]], text));
        await outcome(() => saver.recordDecisions!(config, [{ interruptId: text, value: 1, at: text, revision: other } as never]));
        await outcome(() => saver.listInterrupts!({ threadId: thread, assignee: other, before: ns, limit: id } as never));
        await outcome(() => saver.acquireLease!(thread as never, { id: text, host: text, pid: 1, expiresAt: 0 }, 0));
        await outcome(() => saver.releaseLease!(thread as never, text));
        await outcome(() => saver.appendJournal!(thread as never, [{ at: other, kind: ns, data: 1 } as never]));
        await outcome(() => saver.stats!({ threadId: thread, limit: other } as never));
        await outcome(() => saver.prune!({ threadId: "none", keepLast: other, olderThan: ns } as never));
        await outcome(() => saver.copyThread!(thread as never, other as never));
        await outcome(() => all(saver.exportThread!(thread as never) as never));
      }),
      { numRuns: 250 },
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    saver.close?.();
  });
});

const json = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -0,
    1,
    -1,
    1.5,
    1e21,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    "",
    "a",
    "1",
    "true",
    "null",
    "\0",
    "\ud800",
  ),
  fc.constantFrom<unknown>([], {}, ["a"], { a: 1 }, { a: { b: [1] } }, new Date(0), 5n, undefined, { "~hp": "date" }, new Map([["a", 1]])),
  fc.string({ unit: "binary", maxLength: 3 }),
);
const metadata = fc.dictionary(fc.constantFrom(...NASTY.slice(0, 28), "b", "c", "source", "step"), json, { maxKeys: 5 });

describe("a filter on metadata", () => {
  it("finds what a comparison of each value finds, in every saver", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(metadata, { minLength: 1, maxLength: 6 }), metadata, fc.nat(), async (list, random, at) => {
        // As often as not, a part of what is there.
        const [one = {}] = list.slice(at % list.length);
        const filter = at % 2 === 0 ? random : Object.fromEntries(Object.entries(one).slice(at % 3));
        for (const [, open] of SAVERS) {
          const saver = open();
          const config = { configurable: { thread_id: "t" } };
          for (const more of list) await saver.put(config, checkpointWith(checkpointId(), 1), { ...META, ...more } as never, {});
          const stored = await all(saver.list(config));
          const expected = stored.filter((tuple) => matchesFilter(tuple.metadata as never, filter)).map(({ checkpoint }) => checkpoint.id);
          expect((await all(saver.list(config, { filter }))).map(({ checkpoint }) => checkpoint.id)).toEqual(expected);
          expect((await all(saver.list({}, { filter, limit: 2 }))).map(({ checkpoint }) => checkpoint.id)).toEqual(expected.slice(0, 2));
          saver.close?.();
        }
      }),
      { numRuns: 150 },
    );
  });
});

import assert from "node:assert/strict";
import type { ConformanceCase } from "./conformance-case.js";
import { firstCheckpoint, newThread, put, type ThreadFixture } from "./fixtures.js";

const JSON_VALUES: Record<string, unknown> = {
  texts: ["", "é 😀", 'quote " and \\', "line\nbreak", "\u2028", "nul \0 inside"],
  numbers: [0, -1, 1.5, 1e21, Number.MAX_SAFE_INTEGER, 5e-324],
  nothing: null,
  nested: { a: { b: { c: [[], {}, [null]] } } },
  lookalike: { lc: 1, type: "constructor", id: ["langchain_core", "messages", "HumanMessage"], kwargs: { content: "not a message" } },
  tagLike: { "~hp": "date", v: "2026-01-01" },
  keys: { constructor: 1, toString: 2, "a.b": 3, "": 4, 1: 5 },
};

const DISTINCT_VALUES: Record<string, unknown> = {
  date: new Date(1_700_000_000_000),
  map: new Map<unknown, unknown>([["a", new Set([1, 2n])]]),
  bytes: new Uint8Array([0, 1, 255]),
  numbers: [Number.NaN, Number.POSITIVE_INFINITY, -0, 10n ** 30n],
  undefinedInside: { a: undefined, list: [undefined, 1] },
  pattern: /a+b/giu,
  address: new URL("https://example.com/a?b=c#d"),
  surrogate: "\ud800 alone",
};

export const valueCases: readonly ConformanceCase[] = [
  {
    name: "JSON values come back as they were, also those that look like a serialized class",
    run: async (saver) => {
      const thread = newThread();
      const checkpoint = firstCheckpoint(JSON_VALUES);
      const config = await put(saver, thread, checkpoint);
      await saver.putWrites(config, [["all", JSON_VALUES]], "task");
      const tuple = await saver.getTuple(config);
      assert.deepEqual(tuple?.checkpoint, checkpoint);
      assert.deepEqual(tuple?.pendingWrites?.[0]?.[2], JSON_VALUES);
    },
  },
];

export const distinctTypeCases: readonly ConformanceCase[] = [
  {
    name: "dates, maps, sets, bytes, bigints, undefined, NaN and -0 come back as they were",
    run: async (saver) => {
      const thread = newThread();
      const checkpoint = firstCheckpoint(DISTINCT_VALUES);
      const config = await put(saver, thread, checkpoint);
      await saver.putWrites(config, [["all", DISTINCT_VALUES]], "task");
      const tuple = await saver.getTuple(config);
      assert.deepEqual(tuple?.checkpoint, checkpoint);
      assert.deepEqual(tuple?.pendingWrites?.[0]?.[2], DISTINCT_VALUES);
    },
  },
];

const KEYS = [
  "__proto__",
  "constructor",
  "a'b\"c`; DROP TABLE x; --",
  "per%cent_under",
  "nul\0a",
  "nul\0b",
  "\ud800",
  "\udc00",
  "\ufffd",
  "é😀",
  "\u0001x",
  "a|b:c",
];

export const anyKeyCases: readonly ConformanceCase[] = [
  {
    name: "any text is a thread id, a namespace, a channel and a task id, and no two are taken for one",
    run: async (saver) => {
      const run = newThread().threadId;
      const lines = KEYS.flatMap((key): ThreadFixture[] => [
        { threadId: run + key, ns: "", config: { configurable: { thread_id: run + key, checkpoint_ns: "" } } },
        { threadId: run, ns: key, config: { configurable: { thread_id: run, checkpoint_ns: key } } },
      ]);
      for (const [n, line] of lines.entries()) {
        const config = await put(
          saver,
          line,
          firstCheckpoint(Object.fromEntries([["n", n], ...KEYS.map((key) => [`channel ${key}`, key])])),
        );
        await saver.putWrites(config, [[`channel ${line.ns}`, n]], `task ${line.ns}`);
      }
      for (const [n, line] of lines.entries()) {
        const tuple = await saver.getTuple(line.config);
        assert.equal(tuple?.checkpoint.channel_values.n, n);
        assert.deepEqual(tuple?.config.configurable, { ...line.config.configurable, checkpoint_id: tuple?.checkpoint.id });
        assert.deepEqual(tuple?.pendingWrites, [[`task ${line.ns}`, `channel ${line.ns}`, n]]);
      }
      await saver.deleteThread(run);
      assert.equal(await saver.getTuple(lines[1]!.config), undefined);
      assert.notEqual(await saver.getTuple(lines[0]!.config), undefined);
    },
  },
  {
    name: "filters match by value, whatever their keys and values hold",
    run: async (saver) => {
      const thread = newThread();
      const odd = { 'a"]b': 'x" OR 1=1', "$.a": "%", "a\u0000": "\ud800", nested: { a: [1] }, none: null, __proto__x: -0 };
      const config = { ...thread.config };
      await saver.put(config, firstCheckpoint({ n: 1 }), { source: "loop", step: 0, parents: {}, ...odd }, {});
      await saver.put(config, firstCheckpoint({ n: 2 }), { source: "loop", step: 1, parents: {} }, {});
      for (const [key, value] of Object.entries(odd)) {
        const found: unknown[] = [];
        for await (const tuple of saver.list(config, { filter: { [key]: value } })) found.push(tuple.checkpoint.channel_values.n);
        assert.deepEqual(found, [1], `filter on ${JSON.stringify(key)}`);
      }
    },
  },
];

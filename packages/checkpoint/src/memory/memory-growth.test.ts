import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runRandomHistory } from "../conformance/index.js";
import { checkpointId } from "../ids/checkpoint-id.js";
import { createSerializer } from "../serde/create-serializer.js";
import type { Checkpoint, CheckpointConfig } from "../types.js";
import { MemorySaver } from "./memory-saver.js";

const META = { source: "loop", step: 0, parents: {} } as const;

/** A saver that counts the characters it stores. */
function counting() {
  const inner = createSerializer();
  let stored = 0;
  const dumps = (value: unknown) => {
    const text = inner.dumps(value);
    stored += text.length;
    return text;
  };
  return { saver: new MemorySaver({ serializer: { dumps, loads: inner.loads } }), stored: () => stored };
}

function next(parent: Checkpoint | undefined, changes: Record<string, unknown>): Checkpoint {
  const id = checkpointId(parent?.id);
  const versions = Object.fromEntries(Object.keys(changes).map((channel) => [channel, id]));
  return {
    v: 4,
    id,
    ts: "2026-01-01T00:00:00.000Z",
    channel_values: { ...parent?.channel_values, ...changes },
    channel_versions: { ...parent?.channel_versions, ...versions },
    versions_seen: { ...parent?.versions_seen, node: { ...parent?.channel_versions } },
  };
}

/** Characters stored by each step of a run, and the saver. */
async function run(steps: number, changesOf: (step: number, parent: Checkpoint | undefined) => Record<string, unknown>, reload = false) {
  const { saver, stored } = counting();
  let config: CheckpointConfig = { configurable: { thread_id: "t" } };
  let parent: Checkpoint | undefined;
  for (let step = 0; step < steps; step++) {
    const checkpoint = next(parent, changesOf(step, parent));
    config = await saver.put(config, checkpoint, META, {}, parent);
    parent = reload ? (await saver.getTuple(config))?.checkpoint : checkpoint;
  }
  return stored();
}

const message = (n: number) => ({ role: "user", content: "x".repeat(1000), id: `m${n}` });
const list = (parent: Checkpoint | undefined) => (parent?.channel_values.messages ?? []) as unknown[];

describe("what a step stores", () => {
  it.each([false, true])("follows the message that it adds, not the conversation (reloaded each step: %s)", async (reload) => {
    const stored = await run(500, (n, parent) => ({ messages: [...list(parent), message(n)] }), reload);
    expect(stored / 500).toBeLessThan(1.5 * 1040);
  });

  it("follows the channel that it writes, not the 200 there are", async () => {
    const wide = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`channel-${n}`, `value ${n}`]));
    const stored = await run(1000, (n) => (n === 0 ? wide : { [`channel-${n % 200}`]: `changed ${n}` }));
    expect(stored / 1000).toBeLessThan(1000);
  });

  it("follows the key that it sets, in a dictionary and deep inside one", async () => {
    const documents = Object.fromEntries(Array.from({ length: 150 }, (_, n) => [`doc${n}`, { pages: [`page ${n}`.repeat(20)] }]));
    const stored = await run(1000, (n, parent) => {
      const before = (parent?.channel_values.documents ?? documents) as Record<string, { pages: string[] }>;
      const key = `doc${n % 150}`;
      return { documents: { ...before, [key]: { pages: [...before[key]!.pages, `more ${n}`] } } };
    });
    expect(stored / 1000).toBeLessThan(700);
  });
});

describe("state changed in place", () => {
  it("without being returned does not spoil the checkpoints that follow", async () => {
    const saver = new MemorySaver();
    let config = await saver.put(
      { configurable: { thread_id: "t" } },
      next(undefined, { messages: ["a"], inner: { list: ["a"] } }),
      META,
      {},
    );
    let parent = (await saver.getTuple(config))!.checkpoint;
    list(parent).push("pushed");
    (parent.channel_values.inner as { list: string[] }).list.push("pushed");
    const other = next(parent, { other: 1 });
    config = await saver.put(config, other, META, {}, parent);
    parent = other;
    const inner = parent.channel_values.inner as { list: string[] };
    const last = next(parent, { messages: [...list(parent), "b"], inner: { ...inner, list: [...inner.list, "b"] } });
    config = await saver.put(config, last, META, {}, parent);
    expect((await saver.getTuple(config))?.checkpoint).toEqual(last);
  });
});

describe("a fork from a checkpoint whose list was changed in place since", () => {
  it("saves the list that it wrote", async () => {
    const saver = new MemorySaver();
    const root = next(undefined, { messages: ["a"], rest: "x".repeat(500) });
    const config = await saver.put({ configurable: { thread_id: "t" } }, root, META, {});
    list(root).push("b");
    await saver.put(config, next(root, { messages: root.channel_values.messages }), META, {}, root);
    const fork = next(root, { messages: [...list(root), "c"] });
    const saved = await saver.put(config, fork, META, {}, root);
    expect((await saver.getTuple(saved))?.checkpoint).toEqual(fork);
  });
});

describe("random histories", () => {
  it("read back exactly at every checkpoint", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 60 }), (seed, steps) =>
        runRandomHistory(new MemorySaver(), { seed, steps }),
      ),
      { numRuns: 150 },
    );
  });
});

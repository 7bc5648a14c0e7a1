import v8 from "node:v8";
import vm from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runPrunedHistory } from "../conformance/index.js";
import { checkpointId } from "../ids/checkpoint-id.js";
import { createSerializer } from "../serde/create-serializer.js";
import type { Serializer } from "../serde/serializer.js";
import type { Checkpoint, CheckpointConfig } from "../types.js";
import { MemorySaver } from "./memory-saver.js";

const META = { source: "loop", step: 0, parents: {} } as const;

function next(parent: Checkpoint | undefined, values: Record<string, unknown>): Checkpoint {
  const id = checkpointId(parent?.id);
  return {
    v: 4,
    id,
    ts: "",
    channel_values: { ...parent?.channel_values, ...values },
    channel_versions: { ...parent?.channel_versions, ...Object.fromEntries(Object.keys(values).map((key) => [key, id])) },
    versions_seen: {},
  };
}

/** A serializer that writes bytes, and counts those that somebody still holds. */
function watched(): { serializer: Serializer; held(): Promise<number> } {
  v8.setFlagsFromString("--expose-gc");
  const collect = vm.runInNewContext("gc") as () => void;
  const text = createSerializer();
  const written: WeakRef<Uint8Array>[] = [];
  const dumps = (value: unknown) => {
    const bytes = new Uint8Array(Buffer.from(text.dumps(value)));
    written.push(new WeakRef(bytes));
    return bytes;
  };
  const held = async () => {
    // What a WeakRef was made of lives until the turn ends.
    await new Promise((resolve) => setTimeout(resolve, 0));
    collect();
    return written.filter((one) => one.deref() !== undefined).length;
  };
  return { serializer: { dumps, loads: (data) => text.loads(data) }, held };
}

describe("random histories that are pruned again and again", () => {
  it("read back exactly", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 60 }), (seed, steps) =>
        runPrunedHistory(new MemorySaver(), { seed, steps }),
      ),
      { numRuns: 100 },
    );
  });
});

describe("what was pruned", () => {
  it("is held by nothing any more, in memory", async () => {
    const { serializer, held } = watched();
    const saver = new MemorySaver({ serializer });
    let [parent, config]: [Checkpoint | undefined, CheckpointConfig] = [undefined, { configurable: { thread_id: "t" } }];
    for (let n = 0; n < 200; n++) {
      const one: Checkpoint = next(parent, n === 0 ? { fixed: "x".repeat(5000), n } : { n });
      const before = config;
      config = await saver.put(before, one, META, {}, parent);
      await saver.putWrites(config, [["n", n]], "task");
      if (n % 50 === 3) await saver.put(before, { ...one, ts: "put again" }, META, {});
      parent = one;
    }
    expect(await held()).toBeGreaterThanOrEqual(600);
    await saver.prune({ threadId: "t", keepLast: 3 });
    // Of each: itself, its metadata, its write. The engine may be slow to let go of one or two more.
    expect(await held()).toBeLessThan(15);
    await saver.prune({ threadId: "t", keepLast: 0 });
    expect(await held()).toBeLessThan(5);
  });
});

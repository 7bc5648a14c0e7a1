import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runRandomInbox } from "../conformance/index.js";
import { checkpointId } from "../ids/checkpoint-id.js";
import { MemorySaver } from "./memory-saver.js";

describe("random histories of questions", () => {
  it("leave the inbox in step with what is saved", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 60 }), (seed, steps) => runRandomInbox(new MemorySaver(), { seed, steps })),
      { numRuns: 150 },
    );
  });
});

describe("an inbox of 20,000 threads", () => {
  it("is read in time that depends on the page", async () => {
    const saver = new MemorySaver();
    for (let n = 0; n < 20_000; n++) {
      const config = { configurable: { thread_id: `t${n}`, checkpoint_id: checkpointId() } };
      await saver.putWrites(config, [["__interrupt__", [{ id: "q", value: n, ns: [], at: new Date(n).toISOString() }]]], "task");
    }
    const started = performance.now();
    for (let n = 0; n < 200; n++) {
      const { items } = await saver.listInterrupts({ limit: 10, before: `${n * 90}.${n * 90}`, order: "oldest" });
      expect(items).toHaveLength(10);
    }
    // A walk over all of it takes some milliseconds.
    expect((performance.now() - started) / 200).toBeLessThan(1);
  });
});

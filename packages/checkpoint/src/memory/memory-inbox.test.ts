import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runRandomInbox } from "../conformance/index.js";
import { checkpointId } from "../ids/checkpoint-id.js";
import { createSerializer } from "../serde/create-serializer.js";
import { MemorySaver } from "./memory-saver.js";

describe("random histories of questions", () => {
  it("leave the inbox in step with what is saved", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 60 }), (seed, steps) => runRandomInbox(new MemorySaver(), { seed, steps })),
      { numRuns: 150 },
    );
  });
});

describe("an inbox of 5,000 threads", () => {
  it("reads no question but those of the page", async () => {
    const serializer = createSerializer();
    let read = 0;
    const loads = (data: string | Uint8Array) => {
      read++;
      return serializer.loads(data);
    };
    const saver = new MemorySaver({ serializer: { dumps: serializer.dumps, loads } });
    for (let n = 0; n < 5000; n++) {
      const config = { configurable: { thread_id: `t${n}`, checkpoint_id: checkpointId() } };
      await saver.putWrites(config, [["__interrupt__", [{ id: "q", value: n, ns: [], at: new Date(n).toISOString() }]]], "task");
    }
    read = 0;
    for (let n = 0; n < 40; n++) {
      const { items } = await saver.listInterrupts({ limit: 10, before: `${n * 90}.${n * 90}`, order: "oldest" });
      expect(items).toHaveLength(10);
    }
    expect(read).toBe(400);
  });
});

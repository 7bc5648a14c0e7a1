import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CaseClock, runRandomStore } from "../conformance/index.js";
import { InMemoryStore } from "./in-memory-store.js";
import { MemoryDocuments } from "./memory-documents.js";

const NAMESPACE = ["sessions"];
const content = { data: "{}", duration: 100, vectors: [] };

describe("documents that expire, in memory", () => {
  it("are dropped while others are put, though nobody reads them or sweeps", () => {
    const documents = new MemoryDocuments();
    let most = 0;
    for (let n = 0; n < 5000; n++) documents.put({ namespace: NAMESPACE, key: "same" }, { ...content, duration: undefined }, 0);
    documents.delete({ namespace: NAMESPACE, key: "same" }, 0);
    for (let now = 0; now < 5000; now++) {
      documents.put({ namespace: NAMESPACE, key: `k${now}` }, content, now);
      // What a sweep at the beginning of time finds is all that is kept.
      most = Math.max(most, documents.under([], Number.NEGATIVE_INFINITY).length);
    }
    expect(documents.under([], 4999)).toHaveLength(100);
    expect(most).toBeLessThanOrEqual(202);
  });
});

describe("random operations", () => {
  it("give what a list of documents gives", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 60 }), async (seed, steps) => {
        const clock = new CaseClock();
        await runRandomStore(new InMemoryStore({ now: clock.now }), { seed, steps, clock });
      }),
      { numRuns: 150 },
    );
  });
});

describe("a serializer of one's own", () => {
  it("that reads something else than an object is told", async () => {
    const store = new InMemoryStore({ serializer: { dumps: () => "", loads: () => [1] } });
    await store.put(["a"], "k", {});
    await expect(store.get(["a"], "k")).rejects.toMatchObject({ code: "CORRUPT_DATA" });
  });
});

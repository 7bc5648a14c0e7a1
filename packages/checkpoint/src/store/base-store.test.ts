import { describe, expect, it } from "vitest";
import { BaseStore } from "./base-store.js";
import type { Operation, OperationResult } from "./operation.js";

/** Keeps what it is asked. */
class Recorder extends BaseStore {
  readonly asked: Operation[] = [];

  override async batch(operations: readonly Operation[]): Promise<never> {
    this.asked.push(...operations);
    return operations.map((): OperationResult => []) as never;
  }
}

describe("the methods of a store", () => {
  it("are batches of one operation, as LangGraph's are", async () => {
    const store = new Recorder();
    await store.get(["a"], "k");
    await store.get(["a"], "k", { refreshTtl: true });
    await store.search(["a"], { filter: { x: 1 }, limit: 2 });
    await store.put(["a"], "k", { x: 1 });
    await store.put(["a"], "k", { x: 1 }, { ttl: 5, index: ["x"] });
    await store.delete(["a"], "k");
    await store.listNamespaces({ prefix: ["a"], suffix: ["b"], maxDepth: 2, limit: 3 });
    expect(store.asked).toEqual([
      { namespace: ["a"], key: "k" },
      { namespace: ["a"], key: "k", refreshTtl: true },
      { namespacePrefix: ["a"], filter: { x: 1 }, limit: 2 },
      { namespace: ["a"], key: "k", value: { x: 1 } },
      { namespace: ["a"], key: "k", value: { x: 1 }, ttl: 5, index: ["x"] },
      { namespace: ["a"], key: "k", value: null },
      {
        matchConditions: [
          { matchType: "prefix", path: ["a"] },
          { matchType: "suffix", path: ["b"] },
        ],
        maxDepth: 2,
        limit: 3,
      },
    ]);
  });

  it("take how a document is indexed, and its ttl, where LangGraph's take them", async () => {
    const store = new Recorder();
    await store.put(["a"], "k", {}, false);
    await store.put(["a"], "k", {}, ["x"]);
    await store.put(["a"], "k", {}, undefined, { ttl: 5 });
    await store.put(["a"], "k", {}, ["x"], { ttl: 5 });
    const place = { namespace: ["a"], key: "k", value: {} };
    expect(store.asked).toEqual([
      { ...place, index: false },
      { ...place, index: ["x"] },
      { ...place, ttl: 5 },
      { ...place, index: ["x"], ttl: 5 },
    ]);
  });
});

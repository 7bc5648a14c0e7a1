import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";
import { describe, expect, it } from "vitest";
import { untracedStore } from "./untraced-store.js";

/** LangChain's own store of a config. */
function langchainStore(config: object): Record<string, unknown> {
  let store: unknown;
  const storage = {
    getStore: () => undefined,
    run(entered: unknown, callback: () => unknown) {
      store = entered;
      return callback();
    },
  };
  AsyncLocalStorageProviderSingleton.runWithConfig.call({ getInstance: () => storage } as never, config, () => undefined);
  return store as Record<string, unknown>;
}

describe("a store for a config without callbacks", () => {
  it("is what LangChain would have made, but for ids and times", () => {
    const config = { tags: ["a"], metadata: { b: 1 } };
    const [theirs, ours] = [langchainStore(config), untracedStore(config, langchainStore) as Record<string, unknown>];
    expect(Object.keys(ours).sort()).toEqual(Object.keys(theirs).sort());
    expect(Object.getPrototypeOf(ours)).toBe(Object.getPrototypeOf(theirs));
    expect(ours.extra).toEqual(theirs.extra);
    expect(ours.tracingEnabled).toBe(false);
  });

  it("shares no list with another one", () => {
    const [one, two] = [untracedStore({}, langchainStore), untracedStore({}, langchainStore)] as Record<string, unknown>[];
    const lists = Object.keys(one ?? {}).filter((name) => Array.isArray(one?.[name]));
    expect(lists).toContain("child_runs");
    for (const name of lists) expect(one?.[name]).not.toBe(two?.[name]);
    expect(one?.extra).not.toBe(two?.extra);
  });
});

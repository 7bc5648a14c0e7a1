// Loaded when they are asked for: in a process that measures one contender the other is not there.
const packages = { holdpoint: "@holdpoint/core", langgraph: "@langchain/langgraph" };
const stores = {
  holdpoint: async () => (await import("./stores/holdpoint-stores.js")).holdpointStores,
  langgraph: async () => (await import("./stores/langgraph-stores.js")).langgraphStores,
};

/** The runtime's names. Both have the same: one builder serves both. */
export const loadRuntime = (name) => import(packages[name]);

/** What the runtime saves with, by kind of store. */
export const loadStores = (name) => stores[name]();

/** A contender for each runtime, made by `contender(name)`. */
export const eachRuntime = (contender) => ({ holdpoint: contender("holdpoint"), langgraph: contender("langgraph") });

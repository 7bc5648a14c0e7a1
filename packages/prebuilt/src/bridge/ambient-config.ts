import type { GraphConfig } from "@holdpoint/core";
import type { RunnableConfig } from "@langchain/core/runnables";
import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";

/** Keys that say where a run stands in another graph, and nothing to a graph that starts here. */
const PLACES = new Set(["checkpoint_id", "checkpoint_ns", "checkpoint_map"]);

/** The config of the LangChain component that a graph was called inside of, where there is one. */
export function ambientConfig(): GraphConfig | undefined {
  const config = AsyncLocalStorageProviderSingleton.getRunnableConfig() as RunnableConfig | undefined;
  if (config === undefined) return undefined;
  const { configurable, recursionLimit: _limit, ...rest } = config;
  const handedOn = Object.entries(configurable ?? {}).filter(([key]) => !PLACES.has(key) && !key.startsWith("__pregel"));
  return { ...rest, configurable: Object.fromEntries(handedOn) } as GraphConfig;
}

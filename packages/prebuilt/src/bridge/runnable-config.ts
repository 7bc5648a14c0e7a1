import type { Runtime } from "@holdpoint/core";
import type { RunnableConfig } from "@langchain/core/runnables";

/** The part of a node's runtime that LangChain hands on from component to component; without keys that have no value, since it copies each. */
export function runnableConfig(runtime: Runtime): RunnableConfig {
  const { configurable, recursionLimit, callbacks, tags, metadata, signal, store, context } = runtime;
  const config: Record<string, unknown> = { configurable, recursionLimit, tags: [...tags], metadata };
  if (callbacks !== undefined) config.callbacks = callbacks;
  if (signal !== undefined) config.signal = signal;
  if (store !== undefined) config.store = store;
  if (context !== undefined) config.context = context;
  return config as RunnableConfig;
}

import type { Runtime } from "@holdpoint/core";
import type { RunnableConfig } from "@langchain/core/runnables";

/** The part of a node's runtime that LangChain hands on from component to component. */
export function runnableConfig(runtime: Runtime): RunnableConfig {
  const { configurable, recursionLimit, callbacks, tags, metadata, signal, store, context } = runtime;
  return { configurable, recursionLimit, callbacks, tags: [...tags], metadata, signal, store, context } as RunnableConfig;
}

import { SqliteStore } from "@holdpoint/checkpoint-sqlite";
import { InMemoryStore as PeerStore } from "@langchain/langgraph-checkpoint";
import { onTestFinished } from "vitest";
import { type BaseStore, InMemoryStore } from "../../src/index.js";

/** `describe.each(eachStore)("… with $name", ({ open }) => …)`: every case runs with our stores and with LangGraph's. */
export const eachStore: readonly { readonly name: string; readonly open: () => BaseStore }[] = [
  { name: "InMemoryStore", open: () => new InMemoryStore() },
  {
    name: "SqliteStore",
    open: () => {
      const store = SqliteStore.fromConnString(":memory:");
      onTestFinished(() => store.close());
      return store;
    },
  },
  { name: "LangGraph's InMemoryStore", open: () => new PeerStore() },
];

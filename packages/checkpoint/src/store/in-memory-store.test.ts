import { InMemoryStore as PeerMemoryStore } from "@langchain/langgraph-checkpoint";
import { describe, it } from "vitest";
import { describeStoreConformance, placedSerializer } from "../conformance/index.js";
import { InMemoryStore } from "./in-memory-store.js";

describeStoreConformance({ describe, it }, { name: "InMemoryStore", create: (options) => new InMemoryStore(options) });

const serializer = placedSerializer();
describeStoreConformance(
  { describe, it },
  { name: "InMemoryStore with places", create: (options) => new InMemoryStore({ ...options, serializer }) },
);

// The same code has to work with either: what the peer's does not do is named here.
describeStoreConformance(
  { describe, it },
  {
    name: "LangGraph's InMemoryStore",
    create: () => new PeerMemoryStore(),
    missing: {
      expiry: "it keeps documents for ever",
      anyLabel: "it refuses labels with . and : and NUL, and the first label langgraph",
      isolation: "it keeps and returns the caller's own objects",
      putOrder: "it returns documents in the order in which they were first put, by namespace",
      exactFilters: "it compares lists and objects by identity, texts and dates as numbers, and lets unknown operators match nothing",
      emptiedNamespaces: "it goes on listing namespaces that were emptied",
      refusedQueries: "it returns the first documents that come for a query that it has no index for",
      typedErrors: "its errors have no code, and it takes any value",
    },
  },
);

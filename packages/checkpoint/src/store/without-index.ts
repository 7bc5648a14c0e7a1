import { CheckpointError } from "../checkpoint-error.js";

/** The error of a search by meaning in a store that cannot do it. Without one, the first documents that come would pass for the most similar. */
export function withoutIndex(store: string): CheckpointError {
  return new CheckpointError(
    "UNSUPPORTED",
    `A search was given a query, but this ${store} has no index. Leave query out and use filter, or make an InMemoryStore with { index: { dims, embeddings } }.`,
  );
}

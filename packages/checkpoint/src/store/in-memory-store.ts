import { readOpenOptions } from "../record/check-arguments.js";
import { createSerializer } from "../serde/create-serializer.js";
import type { Serializer } from "../serde/serializer.js";
import { BaseStore } from "./base-store.js";
import { decodeDocument, encodeDocument } from "./document.js";
import type { IndexConfig } from "./index-config.js";
import type { Item } from "./item.js";
import { commonPrefix, listNamespaces } from "./list-namespaces.js";
import { MemoryDocuments, type StoredDocument } from "./memory-documents.js";
import type { Operation, OperationResult, OperationResults } from "./operation.js";
import { type ResolvedOperation, type ResolvedSearch, resolveOperations } from "./resolve-operation.js";
import type { StoreOptions } from "./store-options.js";
import { type ResolvedTtl, resolveTtl } from "./store-ttl.js";
import { type Embedded, similarity, VectorIndex } from "./vector-index.js";
import { withoutIndex } from "./without-index.js";

export interface InMemoryStoreOptions extends StoreOptions {
  /** Finds documents by what they mean, for searches with a `query`. Default: such searches are an error. */
  readonly index?: IndexConfig;
}

/**
 * Keeps documents in the memory of this process: for tests, scripts, and what need not survive it.
 *
 * A value is encoded when it is put, and decoded anew each time it is read. A search decodes the documents under its prefix until the page is full.
 * Those whose time is over are never returned; they are dropped after as many writes as there are documents, or by `sweepExpired()`.
 *
 * With an `index`, a search with a `query` compares the query's vector with that of every document under its prefix, in this process. Documents that
 * are not indexed come after all others. What the embeddings throw, a `put` or `search` throws, and nothing was done.
 *
 * @example
 * ```ts
 * import { InMemoryStore } from "@holdpoint/core";
 * const store = new InMemoryStore({ ttl: { defaultTtl: 60 * 24 * 30 } }); // 30 days
 * ```
 */
export class InMemoryStore extends BaseStore {
  readonly #documents = new MemoryDocuments();
  readonly #serializer: Serializer;
  readonly #ttl: ResolvedTtl;
  readonly #now: () => number;
  readonly #index: VectorIndex | undefined;
  /** The last batch that waits for its vectors. */
  #last: Promise<unknown> = Promise.resolve();

  /** @throws CheckpointError INVALID_ARGUMENT if the default `ttl`, or the index, cannot be used */
  constructor(given?: InMemoryStoreOptions) {
    super();
    const options = readOpenOptions("new InMemoryStore()", given);
    this.#serializer = options.serializer ?? createSerializer();
    this.#ttl = resolveTtl(options.ttl);
    this.#now = options.now ?? Date.now;
    this.#index = options.index === undefined ? undefined : new VectorIndex(options.index);
  }

  override batch<const Operations extends readonly Operation[]>(operations: Operations): Promise<OperationResults<Operations>>;
  override batch(operations: readonly Operation[]): Promise<OperationResult[]>;
  override async batch(operations: readonly Operation[]): Promise<OperationResult[]> {
    const resolved = resolveOperations(operations, this.#ttl);
    const data = resolved.map((one) => (one.kind === "put" ? encodeDocument(this.#serializer, one, one.value) : ""));
    if (this.#index === undefined) return this.#run(resolved, data, undefined);
    // Embeddings take any time. Batches are done in the order in which they were asked for, or the older of two values could stand.
    const embedding = this.#index.embed(resolved);
    const batch = Promise.allSettled([this.#last, embedding]).then(async () => this.#run(resolved, data, await embedding));
    this.#last = batch;
    return batch;
  }

  override async sweepExpired(): Promise<number> {
    return this.#documents.sweep(this.#now());
  }

  #run(
    operations: readonly ResolvedOperation[],
    data: readonly (string | Uint8Array)[],
    embedded: Embedded | undefined,
  ): OperationResult[] {
    const now = this.#now();
    const refreshed: StoredDocument[] = [];
    const results = operations.map((operation) => this.#read(operation, now, refreshed, embedded));
    for (const document of refreshed) this.#documents.refresh(document, now);
    for (const [at, operation] of operations.entries()) {
      if (operation.kind === "delete") this.#documents.delete(operation, now);
      if (operation.kind !== "put") continue;
      const content = { data: data[at]!, duration: operation.duration, vectors: embedded?.documents[at] ?? [] };
      this.#documents.put(operation, content, now);
    }
    return results;
  }

  /** Adds to `refreshed` the documents that get their time anew. */
  #read(operation: ResolvedOperation, now: number, refreshed: StoredDocument[], embedded: Embedded | undefined): OperationResult {
    switch (operation.kind) {
      case "get": {
        const document = this.#documents.get(operation, now);
        if (document === undefined) return null;
        if (operation.refresh) refreshed.push(document);
        return itemOf(document, this.#decode(document));
      }
      case "search": {
        const found = operation.query === undefined ? this.#search(operation, now) : this.#rank(operation, now, embedded);
        if (operation.refresh) refreshed.push(...found.map(({ document }) => document));
        return found.map(({ document, value, score }) =>
          score === undefined ? itemOf(document, value) : { ...itemOf(document, value), score },
        );
      }
      case "list":
        return listNamespaces(this.#documents.namespaces(commonPrefix(operation.conditions), now), operation);
      default:
        return undefined;
    }
  }

  #search({ prefix, matches, limit, offset }: ResolvedSearch, now: number): Found[] {
    const documents = this.#documents.under(prefix, now);
    if (matches === undefined)
      return documents.slice(offset, offset + limit).map((document) => ({ document, value: this.#decode(document) }));
    const found: Found[] = [];
    for (const document of documents) {
      if (found.length >= offset + limit) break;
      const value = this.#decode(document);
      if (matches(value)) found.push({ document, value });
    }
    return found.slice(offset);
  }

  /** The most similar first; what is not indexed comes last, as without a query. */
  #rank({ prefix, matches, limit, offset, query = "" }: ResolvedSearch, now: number, embedded: Embedded | undefined): Found[] {
    const direction = embedded?.queries.get(query);
    if (direction === undefined) throw withoutIndex("InMemoryStore");
    const documents = this.#documents.under(prefix, now).filter((document) => matches === undefined || matches(this.#decode(document)));
    const scored = documents.map((document) => ({ document, score: similarity(direction, document.vectors) }));
    const ranked = scored.sort((a, b) => (b.score ?? LAST) - (a.score ?? LAST));
    return ranked.slice(offset, offset + limit).map(({ document, score }) => ({ document, score, value: this.#decode(document) }));
  }

  #decode(document: StoredDocument): Record<string, unknown> {
    return decodeDocument(this.#serializer, document, document.data);
  }
}

interface Found {
  readonly document: StoredDocument;
  /** Decoded for this search, and nobody else's. */
  readonly value: Record<string, unknown>;
  readonly score?: number;
}

/** Less similar than anything can be. */
const LAST = -2;

function itemOf({ namespace, key, createdAt, updatedAt }: StoredDocument, value: Record<string, unknown>): Item {
  return { value, key, namespace: [...namespace], createdAt: new Date(createdAt), updatedAt: new Date(updatedAt) };
}

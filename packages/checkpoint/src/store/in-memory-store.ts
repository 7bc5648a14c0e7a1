import { createSerializer } from "../serde/create-serializer.js";
import type { Serializer } from "../serde/serializer.js";
import { BaseStore } from "./base-store.js";
import { decodeDocument, encodeDocument } from "./document.js";
import type { Item } from "./item.js";
import { commonPrefix, listNamespaces } from "./list-namespaces.js";
import { MemoryDocuments, type StoredDocument } from "./memory-documents.js";
import type { Operation, OperationResult, OperationResults } from "./operation.js";
import { type ResolvedOperation, type ResolvedSearch, resolveOperations } from "./resolve-operation.js";
import type { StoreOptions } from "./store-options.js";
import { type ResolvedTtl, resolveTtl } from "./store-ttl.js";
import { withoutIndex } from "./without-index.js";

/**
 * Keeps documents in the memory of this process: for tests, scripts, and what need not survive it.
 *
 * A value is encoded when it is put, and decoded anew each time it is read. A search decodes the documents under its prefix until the page is full.
 * Those whose time is over are never returned; they are dropped after as many writes as there are documents, or by `sweepExpired()`.
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

  /** @throws CheckpointError INVALID_ARGUMENT if the default `ttl` is none */
  constructor(options: StoreOptions = {}) {
    super();
    this.#serializer = options.serializer ?? createSerializer();
    this.#ttl = resolveTtl(options.ttl);
    this.#now = options.now ?? Date.now;
  }

  override batch<const Operations extends readonly Operation[]>(operations: Operations): Promise<OperationResults<Operations>>;
  override batch(operations: readonly Operation[]): Promise<OperationResult[]>;
  override async batch(operations: readonly Operation[]): Promise<OperationResult[]> {
    const resolved = resolveOperations(operations, this.#ttl);
    const writes = resolved.map((operation) => this.#prepareWrite(operation));
    const now = this.#now();
    const read: StoredDocument[] = [];
    const results = resolved.map((operation) => this.#read(operation, now, read));
    for (const document of read) this.#documents.refresh(document, now);
    for (const write of writes) write?.(now);
    return results;
  }

  override async sweepExpired(): Promise<number> {
    return this.#documents.sweep(this.#now());
  }

  /** Does all of a write that can fail, and returns the rest. */
  #prepareWrite(operation: ResolvedOperation): ((now: number) => void) | undefined {
    if (operation.kind === "delete") return (now) => this.#documents.delete(operation, now);
    if (operation.kind !== "put") return undefined;
    const data = encodeDocument(this.#serializer, operation, operation.value);
    return (now) => this.#documents.put(operation, data, operation.duration, now);
  }

  /** Adds to `refreshed` the documents that get their time anew. */
  #read(operation: ResolvedOperation, now: number, refreshed: StoredDocument[]): OperationResult {
    switch (operation.kind) {
      case "get": {
        const document = this.#documents.get(operation, now);
        if (document === undefined) return null;
        if (operation.refresh) refreshed.push(document);
        return itemOf(document, this.#decode(document));
      }
      case "search": {
        const found = this.#search(operation, now);
        if (operation.refresh) refreshed.push(...found.map(({ document }) => document));
        return found.map(({ document, value }) => itemOf(document, value));
      }
      case "list":
        return listNamespaces(this.#documents.namespaces(commonPrefix(operation.conditions), now), operation);
      default:
        return undefined;
    }
  }

  #search({ prefix, matches, limit, offset, query }: ResolvedSearch, now: number): Found[] {
    if (query !== undefined) throw withoutIndex("InMemoryStore");
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

  #decode(document: StoredDocument): Record<string, unknown> {
    return decodeDocument(this.#serializer, document, document.data);
  }
}

interface Found {
  readonly document: StoredDocument;
  /** Decoded for this search, and nobody else's. */
  readonly value: Record<string, unknown>;
}

function itemOf({ namespace, key, createdAt, updatedAt }: StoredDocument, value: Record<string, unknown>): Item {
  return { value, key, namespace: [...namespace], createdAt: new Date(createdAt), updatedAt: new Date(updatedAt) };
}

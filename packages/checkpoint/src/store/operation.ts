import type { Item, SearchItem } from "./item.js";

/** Reads one document. Result: the item, or null. */
export interface GetOperation {
  readonly namespace: readonly string[];
  readonly key: string;
  /** Whether a document that expires gets its whole time anew. Default: as the store's `ttl.refreshOnRead` says. */
  readonly refreshTtl?: boolean;
}

/** Saves one document, or deletes it. Result: nothing. */
export interface PutOperation {
  readonly namespace: readonly string[];
  readonly key: string;
  /** An object of values that the serializer can save; null deletes the document. */
  readonly value: object | null;
  /** Paths whose texts are found by a `query`, or false for none; where the store has an index. Default: as the store's index says. */
  readonly index?: false | readonly string[];
  /** Minutes from now after which the document is gone; null: never. Default: as the store's `ttl.defaultTtl` says. */
  readonly ttl?: number | null;
}

/** Finds documents. Result: a list of items. */
export interface SearchOperation {
  /** Labels with which the namespace begins; empty: every document. */
  readonly namespacePrefix: readonly string[];
  /**
   * Conditions on the fields of a value, by name; a document has to meet all. A condition is the value itself, compared by content, or an object
   * of `$eq`, `$ne`, `$gt`, `$gte`, `$lt`, `$lte`, `$in` and `$nin`.
   */
  readonly filter?: Readonly<Record<string, unknown>>;
  /** Default 10. */
  readonly limit?: number;
  /** Documents to leave out before the first. Default 0. */
  readonly offset?: number;
  /** What the documents should be like, in words. Needs a store with an index. */
  readonly query?: string;
  /** As in {@link GetOperation}, for the documents that are returned. */
  readonly refreshTtl?: boolean;
}

/** Lists the namespaces that hold documents. Result: a list of namespaces. */
export interface ListNamespacesOperation {
  /** A namespace has to meet all of them. */
  readonly matchConditions?: readonly MatchCondition[];
  /** Cuts deeper namespaces off after so many labels, and lists the result once. */
  readonly maxDepth?: number;
  /** Default 100. */
  readonly limit?: number;
  /** Default 0. */
  readonly offset?: number;
}

/** Labels; "*" stands for any one of them. */
export type NameSpacePath = readonly string[];
export type NamespaceMatchType = "prefix" | "suffix";

export interface MatchCondition {
  readonly matchType: NamespaceMatchType;
  readonly path: NameSpacePath;
}

export type Operation = GetOperation | SearchOperation | PutOperation | ListNamespacesOperation;

// biome-ignore lint/suspicious/noConfusingVoidType: what LangGraph's stores declare for a put; with another type, they would not fit here
type Saved = void;

/** What an operation can have for a result: nothing that anybody should look at, an item, items, namespaces. */
export type OperationResult = Saved | null | Item | SearchItem[] | string[][];

/** The results of a batch, each in the place of its operation. */
export type OperationResults<Operations extends readonly Operation[]> = {
  [K in keyof Operations]: Operations[K] extends PutOperation
    ? Saved
    : Operations[K] extends SearchOperation
      ? SearchItem[]
      : Operations[K] extends GetOperation
        ? Item | null
        : Operations[K] extends ListNamespacesOperation
          ? string[][]
          : never;
};

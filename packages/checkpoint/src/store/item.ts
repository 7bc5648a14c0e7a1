/** A document of a store. A copy of what is kept: changing it changes nothing in the store. */
export interface Item {
  value: Record<string, unknown>;
  /** Unique within the namespace. */
  key: string;
  /** From the outermost label inwards. */
  namespace: string[];
  /** When there was no document under this key, and one was put. */
  createdAt: Date;
  /** When it was last put. Reading does not change it. */
  updatedAt: Date;
}

/** A document that a search found. */
export interface SearchItem extends Item {
  /** How well it fits the `query`, from -1 to 1. Only where a query was given, and for documents that are indexed. */
  score?: number;
}

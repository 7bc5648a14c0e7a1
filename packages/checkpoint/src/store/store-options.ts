import type { Serializer } from "../serde/serializer.js";
import type { StoreTtl } from "./store-ttl.js";

/** What all stores can be told. */
export interface StoreOptions {
  /** How values are kept. Default: `createSerializer()`. */
  readonly serializer?: Serializer;
  /** How long documents are kept. Default: for ever, or as `put` says. */
  readonly ttl?: StoreTtl;
  /** The time in milliseconds since 1970, for tests. Default: `Date.now`. */
  readonly now?: () => number;
}

import type { BaseStore } from "../../store/base-store.js";
import type { StoreTtl } from "../../store/store-ttl.js";

/**
 * What a store may lack, if it says why:
 * - `expiry`: `ttl`, `refreshTtl` and `sweepExpired`, by a clock that the kit sets; found by the method
 * - `anyLabel`: labels of any text, such as "a.b" or "langgraph"
 * - `isolation`: sharing nothing with the caller
 * - `distinctTypes`: dates, maps and what else JSON has no word for
 * - `putOrder`: searches return first what was put last
 * - `exactFilters`: values compared by content, an order of texts and dates, and errors for conditions that mean nothing
 * - `emptiedNamespaces`: a namespace is not listed any more once its last document is gone
 * - `refusedQueries`: a `query` that there is no index for is an error
 * - `typedErrors`: errors are CheckpointErrors with a code
 */
export type StoreCapability =
  | "expiry"
  | "anyLabel"
  | "isolation"
  | "distinctTypes"
  | "putOrder"
  | "exactFilters"
  | "emptiedNamespaces"
  | "refusedQueries"
  | "typedErrors";

/** The time that a case gives its store. */
export class CaseClock {
  #time = Date.UTC(2026, 0, 1);

  readonly now = (): number => this.#time;

  advance(minutes: number): void {
    this.#time += minutes * 60_000;
  }
}

/** One behaviour of a store. */
export interface StoreCase {
  readonly name: string;
  /** Capabilities without which it cannot be had. */
  readonly needs?: readonly StoreCapability[];
  /** What the store is made with. */
  readonly ttl?: StoreTtl;
  /** Gets a store that is empty. Throws an AssertionError where the behaviour is missing. */
  run(store: BaseStore, clock: CaseClock): Promise<void>;
}

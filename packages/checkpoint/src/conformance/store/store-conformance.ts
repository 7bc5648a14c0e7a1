import type { BaseStore } from "../../store/base-store.js";
import type { StoreTtl } from "../../store/store-ttl.js";
import type { RunnableCase } from "../conformance.js";
import type { TestApi } from "../describe-conformance.js";
import { randomStoreCases } from "./random-store-cases.js";
import { storeBatchCases } from "./store-batch-cases.js";
import { CaseClock, type StoreCapability, type StoreCase } from "./store-case.js";
import { storeExpiryCases } from "./store-expiry-cases.js";
import { storeFilterCases } from "./store-filter-cases.js";
import { storeItemCases } from "./store-item-cases.js";
import { storeNamespaceCases } from "./store-namespace-cases.js";
import { storeSearchCases } from "./store-search-cases.js";

export interface StoreConformanceOptions {
  /** Name of the store, as it stands in the report. */
  readonly name: string;
  /** Makes an empty store, which takes its time from `now`, and whose documents are kept as `ttl` says. Called once for each case. */
  create(options: { readonly now: () => number; readonly ttl?: StoreTtl }): BaseStore | Promise<BaseStore>;
  /** Releases what `create` made. */
  dispose?(store: BaseStore): void | Promise<void>;
  /** Capabilities that the store lacks, each with the reason. The others are required. */
  readonly missing?: Partial<Readonly<Record<StoreCapability, string>>>;
}

const CASES: readonly StoreCase[] = [
  ...storeItemCases,
  ...storeSearchCases,
  ...storeFilterCases,
  ...storeNamespaceCases,
  ...storeBatchCases,
  ...storeExpiryCases,
  ...randomStoreCases,
];

/**
 * Lists what a long-term store has to do, as cases to run under any test runner. A store that has `sweepExpired` cannot declare `expiry` missing.
 *
 * @example
 * for (const { name, skipped, run } of storeConformance({ name: "MyStore", create: (options) => new MyStore(options) })) test(name, { skip: skipped }, run);
 */
export function storeConformance(options: StoreConformanceOptions): RunnableCase[] {
  return [...CASES.map((one) => bind(one, options)), ...mustLack(options)];
}

/**
 * Declares the conformance cases of a store as tests.
 *
 * @example
 * import { describeStoreConformance } from "@holdpoint/checkpoint/conformance";
 * import { describe, it } from "vitest";
 * describeStoreConformance({ describe, it }, { name: "MyStore", create: (options) => new MyStore(options) });
 */
export function describeStoreConformance({ describe, it }: TestApi, options: StoreConformanceOptions): void {
  describe(`${options.name}: store conformance`, () => {
    for (const { name, skipped, run } of storeConformance(options)) {
      if (skipped === undefined) it(name, run);
      else it.skip(`${name} (${skipped})`, run);
    }
  });
}

function bind({ name, needs = [], ttl, run }: StoreCase, options: StoreConformanceOptions): RunnableCase {
  const reasons = needs.flatMap((capability) => options.missing?.[capability] ?? []);
  if (reasons.length > 0) return { name, skipped: reasons.join("; "), run: async () => {} };
  return { name, run: () => withStore(options, ttl, run) };
}

function mustLack(options: StoreConformanceOptions): RunnableCase[] {
  const reason = options.missing?.expiry;
  if (reason === undefined) return [];
  const run = async (store: BaseStore) => {
    if (store.sweepExpired !== undefined)
      throw new Error(`${options.name} declares expiry missing, but has sweepExpired. Remove the declaration.`);
  };
  return [{ name: `has no expiry (declared missing: ${reason})`, run: () => withStore(options, undefined, run) }];
}

async function withStore(options: StoreConformanceOptions, ttl: StoreTtl | undefined, run: StoreCase["run"]): Promise<void> {
  const clock = new CaseClock();
  const store = await options.create(ttl === undefined ? { now: clock.now } : { now: clock.now, ttl });
  try {
    await run(store, clock);
  } finally {
    await options.dispose?.(store);
  }
}

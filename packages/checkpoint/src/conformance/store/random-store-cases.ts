import { runRandomStore } from "./random-store.js";
import type { StoreCase } from "./store-case.js";

const SEEDS = [1, 2, 3, 4, 5, 6];

const plain = SEEDS.map(
  (seed): StoreCase => ({
    name: `simple random operations give what a list of documents gives (seed ${seed})`,
    run: (store, clock) => runRandomStore(store, { seed, steps: 150, clock, plain: true }),
  }),
);

const exact = SEEDS.map(
  (seed): StoreCase => ({
    name: `random operations with any labels, keys, filters and times give what a list of documents gives (seed ${seed})`,
    needs: ["expiry", "anyLabel", "isolation", "putOrder", "exactFilters", "emptiedNamespaces"],
    run: (store, clock) => runRandomStore(store, { seed, steps: 200, clock }),
  }),
);

export const randomStoreCases: readonly StoreCase[] = [...plain, ...exact];

import type { ConformanceCase } from "./conformance-case.js";
import { runRandomHistory } from "./random-history.js";

const SEEDS = [1, 2, 3, 4, 5, 6];

/** Long random histories, compared with full copies at every checkpoint. */
export const historyCases: readonly ConformanceCase[] = SEEDS.map((seed) => ({
  name: `a random history with forks reads back exactly at every checkpoint (seed ${seed})`,
  run: (saver) => runRandomHistory(saver, { seed, steps: 80, jsonOnly: true }),
}));

/** The same with values of every type. */
export const distinctHistoryCases: readonly ConformanceCase[] = SEEDS.map((seed) => ({
  name: `a random history of all types of values reads back exactly at every checkpoint (seed ${seed})`,
  run: (saver) => runRandomHistory(saver, { seed, steps: 80 }),
}));

export { type ConformanceOptions, conformance, type RunnableCase } from "./conformance.js";
export type { Capability } from "./conformance-case.js";
export { describeConformance, type TestApi } from "./describe-conformance.js";
export { runRandomInbox } from "./inbox-history.js";
export { type HistoryOptions, runRandomHistory } from "./random-history.js";
export { type RandomStoreOptions, runRandomStore } from "./store/random-store.js";
export { CaseClock, type StoreCapability } from "./store/store-case.js";
export { describeStoreConformance, type StoreConformanceOptions, storeConformance } from "./store/store-conformance.js";

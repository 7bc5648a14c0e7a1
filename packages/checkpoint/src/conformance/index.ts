export { type ConformanceOptions, conformance, type RunnableCase } from "./conformance.js";
export type { Capability } from "./conformance-case.js";
export { describeConformance, type TestApi } from "./describe-conformance.js";
export { runRandomInbox } from "./inbox-history.js";
export { placedSerializer } from "./placed-serializer.js";
export { runPrunedHistory } from "./prune-history.js";
export { type HistoryOptions, runRandomHistory } from "./random-history.js";

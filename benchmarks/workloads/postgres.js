// PostgreSQL with its disk: one thread, whose steps wait for one another, and 200 threads at once.
import { missingPostgres } from "../lib/stores/postgres-server.js";
import { stepsWorkload } from "./steps.js";
import { threadsWorkload } from "./threads.js";

const place = { group: "postgres", kind: "postgres", target: "postgres" };

export const workloads = [
  { ...stepsWorkload("loop", 100, "postgres"), ...place, growth: undefined },
  threadsWorkload({ ...place, threads: 200, concurrency: 200 }),
].map((workload) => ({ ...workload, skipped: missingPostgres() }));

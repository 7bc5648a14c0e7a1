/** Where a workload's steps are kept, and when a step counts as done. */
export const storeKinds = {
  none: { title: "none", store: "none", durability: undefined },
  memory: { title: "memory", store: "memory", durability: "sync" },
  "sqlite-sync": { title: "SQLite, sync", store: "sqlite", durability: "sync" },
  "sqlite-async": { title: "SQLite, async", store: "sqlite", durability: "async" },
  postgres: { title: "PostgreSQL, sync", store: "postgres", durability: "sync" },
};

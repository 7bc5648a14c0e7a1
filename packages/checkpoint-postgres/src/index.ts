export type { PooledClient, PostgresClient, PostgresPool, PostgresQuery, PostgresTypes } from "./postgres-pool.js";
export { PostgresSaver } from "./postgres-saver.js";
export type { PostgresConnectOptions, PostgresSaverOptions } from "./saver-options.js";
export { PostgresStore, type PostgresStoreConnectOptions, type PostgresStoreOptions } from "./store/postgres-store.js";

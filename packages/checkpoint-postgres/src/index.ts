export type { PooledClient, PostgresClient, PostgresPool, PostgresQuery, PostgresTypes } from "./postgres-pool.js";
export { type PostgresConnectOptions, PostgresSaver, type PostgresSaverOptions } from "./postgres-saver.js";
export { PostgresStore, type PostgresStoreConnectOptions, type PostgresStoreOptions } from "./store/postgres-store.js";

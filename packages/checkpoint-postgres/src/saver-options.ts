import type { Serializer } from "@holdpoint/checkpoint";

export interface PostgresSaverOptions {
  /** Schema that holds the tables, of its own: letters, digits and `_`. Default "holdpoint". */
  readonly schema?: string;
  /** How values are kept. Default: `createSerializer()` of `@holdpoint/checkpoint`. */
  readonly serializer?: Serializer;
  /** Milliseconds to wait for others that change the same thread, before STORAGE_BUSY. Default 5,000. */
  readonly busyTimeout?: number;
  /** Whether statements are prepared once for each connection. `false` for poolers that hand out another connection each time. Default true. */
  readonly prepare?: boolean;
}

export interface PostgresConnectOptions extends PostgresSaverOptions {
  /** Connections at once, at most. Default 10. One more is used while somebody listens. */
  readonly max?: number;
  /** Milliseconds to wait for a connection, before STORAGE_BUSY or STORAGE_FAILED. Default 10,000. */
  readonly connectTimeout?: number;
}

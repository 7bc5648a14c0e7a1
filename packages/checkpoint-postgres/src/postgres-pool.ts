/** Chooses how the values of a column are read, as `pg` asks for it with each query. */
export interface PostgresTypes {
  getTypeParser(oid: number, format?: string): (value: string) => unknown;
}

/** A statement and its values. One with a `name` is prepared once for each connection. */
export interface PostgresQuery {
  readonly text: string;
  readonly name?: string;
  readonly values?: unknown[];
  readonly types?: PostgresTypes;
}

/** One connection, as `pg` has it. */
export interface PostgresClient {
  query(query: PostgresQuery): Promise<{ readonly rows: unknown[] }>;
}

/** A connection that a pool lends. */
export interface PooledClient extends PostgresClient {
  on(event: "error", listener: (error: Error) => void): unknown;
  removeListener(event: "error", listener: (error: Error) => void): unknown;
  /** Gives the connection back; with `true` it is closed, for others not to get it. */
  release(destroy?: boolean): void;
}

/** A connection of its own. */
export interface PostgresListener extends PostgresClient {
  connect(): Promise<unknown>;
  on(event: "error" | "end" | "notification", listener: (detail: { payload?: string }) => void): unknown;
  end(): Promise<void>;
}

/** A pool of connections: `Pool` of `pg`, or another one of its shape. */
export interface PostgresPool {
  /** How many wait for a connection. Where it is not known, none is kept for the next call. */
  readonly waitingCount?: number;
  connect(): Promise<PooledClient>;
  end(): Promise<void>;
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "connect", listener: (client: Pick<PooledClient, "on">) => void): unknown;
}

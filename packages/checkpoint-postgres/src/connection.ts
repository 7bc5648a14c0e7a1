import { CheckpointError, hash128 } from "@holdpoint/checkpoint";
import { ClientLender } from "./client-lender.js";
import { columnTypes } from "./column-types.js";
import type { PooledClient, PostgresClient, PostgresPool, PostgresQuery } from "./postgres-pool.js";
import type { SchemaName } from "./schema-name.js";
import { SQL } from "./statements.js";
import { closed, storageError } from "./storage-error.js";

/** Runs statements; each sees what was committed before it. */
export interface Session {
  /** @throws CheckpointError, and nothing else. */
  all<Row>(sql: string, ...values: unknown[]): Promise<Row[]>;
  get<Row>(sql: string, ...values: unknown[]): Promise<Row | undefined>;
}

export interface ConnectionSettings {
  readonly schema: SchemaName;
  /** Whether statements are prepared, once for each connection. */
  readonly prepares: boolean;
}

interface Statement {
  readonly text: string;
  readonly name: string | undefined;
}

const ignore = () => {};
/** Pools that have a listener of ours already. */
const heard = new WeakSet<PostgresPool>();

/** The database behind a pool: one statement by itself, or a transaction. Everything but `setup` waits for the schema to be there. */
export class Connection implements Session {
  readonly schema: SchemaName;
  readonly #pool: PostgresPool;
  readonly #clients: ClientLender;
  readonly #prepares: boolean;
  readonly #migrate: (session: Session) => Promise<void>;
  readonly #statements = new Map<string, Statement>();
  #ready: Promise<void> | undefined;
  #isReady = false;
  #isClosed = false;

  constructor(pool: PostgresPool, { schema, prepares }: ConnectionSettings, migrate: (session: Session) => Promise<void>) {
    if (typeof pool?.connect !== "function" || typeof pool.on !== "function")
      throw new CheckpointError(
        "INVALID_ARGUMENT",
        "A saver or store takes a pool of pg, or a connection string: PostgresSaver.fromConnString(url).",
      );
    this.schema = schema;
    this.#pool = pool;
    this.#clients = new ClientLender(pool);
    this.#prepares = prepares;
    this.#migrate = migrate;
    // The server may close connections that nobody uses, and without a listener that would end the process. The next call sees what is wrong.
    // One that ends just as it is lent tells nobody but its own listeners, before whoever asked for it can add one.
    if (heard.has(pool)) return;
    heard.add(pool);
    pool.on("error", ignore);
    pool.on("connect", (client) => client.on("error", ignore));
  }

  /** Brings the schema up to date, once. After a failure, the next call tries again. */
  setup(): Promise<void> {
    this.#ready ??= this.#makeReady().catch((error: unknown) => {
      this.#ready = undefined;
      throw error;
    });
    return this.#ready;
  }

  /** Does in one function what `#lend` and `#run` do: a step is a call of it, and each of these would cost it a promise. */
  async all<Row>(sql: string, ...values: unknown[]): Promise<Row[]> {
    if (!this.#isReady) await this.setup();
    if (this.#isClosed) throw closed();
    const client = this.#clients.take() ?? (await this.#connect());
    try {
      const { rows } = await client.query(this.#query(sql, values));
      this.#clients.giveBack(client);
      return rows as Row[];
    } catch (error) {
      const told = storageError(error);
      this.#clients.release(client, isBroken(told));
      throw told;
    }
  }

  async get<Row>(sql: string, ...values: unknown[]): Promise<Row | undefined> {
    return (await this.all<Row>(sql, ...values))[0];
  }

  /** Runs all of it or nothing. */
  write<T>(run: (session: Session) => Promise<T>): Promise<T> {
    return this.#transaction(SQL.begin, run);
  }

  /** Reads one state of the database, whatever others write meanwhile. */
  read<T>(run: (session: Session) => Promise<T>): Promise<T> {
    return this.#transaction(SQL.beginRead, run);
  }

  /** Reads one state of the database, and writes if nobody has changed since what it writes: otherwise it fails with 40001 (STORAGE_BUSY). */
  snapshot<T>(run: (session: Session) => Promise<T>): Promise<T> {
    return this.#transaction(SQL.beginSnapshot, run);
  }

  /** A statement as the server gets it. */
  textOf(sql: string): string {
    return this.#statement(sql).text;
  }

  /** Later calls fail. @param isOurs whether the pool ends too */
  async close(isOurs: boolean): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#clients.releaseKept();
    if (isOurs) await this.#pool.end().catch((error: unknown) => Promise.reject(storageError(error)));
  }

  async #makeReady(): Promise<void> {
    await this.#lend((client) => this.#migrate(this.#session(client)));
    this.#isReady = true;
  }

  async #transaction<T>(begin: string, run: (session: Session) => Promise<T>): Promise<T> {
    if (!this.#isReady) await this.setup();
    return this.#lend((client) => transact(this.#session(client), begin, run));
  }

  async #lend<T>(run: (client: PooledClient) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw closed();
    const client = this.#clients.take() ?? (await this.#connect());
    try {
      const result = await run(client);
      this.#clients.giveBack(client);
      return result;
    } catch (error) {
      this.#clients.release(client, isBroken(error));
      throw error;
    }
  }

  async #connect(): Promise<PooledClient> {
    try {
      return await this.#clients.connect();
    } catch (error) {
      throw storageError(error);
    }
  }

  #session(client: PooledClient): Session {
    const all = <Row>(sql: string, ...values: unknown[]) => this.#run<Row>(client, sql, values);
    return { all, get: async <Row>(sql: string, ...values: unknown[]) => (await all<Row>(sql, ...values))[0] };
  }

  async #run<Row>(client: PostgresClient, sql: string, values: unknown[]): Promise<Row[]> {
    try {
      const { rows } = await client.query(this.#query(sql, values));
      return rows as Row[];
    } catch (error) {
      throw storageError(error);
    }
  }

  #query(sql: string, values: unknown[]): PostgresQuery {
    const { text, name } = this.#statement(sql);
    // Without values it goes as it is, and may be several statements.
    return values.length === 0 ? { text, types: columnTypes } : { text, name, values, types: columnTypes };
  }

  #statement(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const { quoted, channel } = this.schema;
    const text = sql
      .replaceAll(/\bhp\./g, () => `${quoted}.`)
      .replaceAll("hp_schema", () => quoted)
      .replaceAll("hp_channel", () => channel);
    const statement = { text, name: this.#prepares ? `holdpoint_${hash128(text)}` : undefined };
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** Runs within a transaction of the session. */
export async function transact<T>(session: Session, begin: string, run: (session: Session) => Promise<T>): Promise<T> {
  await session.all(begin);
  try {
    const result = await run(session);
    await session.all(SQL.commit);
    return result;
  } catch (error) {
    // The error that led here is the one to tell. If this fails as well, the connection is closed, and the server rolls back.
    if (!isBroken(error)) await session.all(SQL.rollback).catch(ignore);
    throw error;
  }
}

/** Whether a connection must not be used again. Its state is not known after an error that is not one of a statement. */
function isBroken(error: unknown): boolean {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  return code === "STORAGE_CLOSED" || (typeof code === "string" && code.startsWith("STORAGE_") && !isSqlState(cause?.code));
}

/** Errors of the server but for those that end the connection. */
function isSqlState(code: unknown): boolean {
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) && !/^(08|57P|25P03)/.test(code) && !/^E[A-Z]{4}$/.test(code);
}

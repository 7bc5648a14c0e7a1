import { CheckpointError, fromKeyText, type StorageEvent } from "@holdpoint/checkpoint";
import { columnTypes } from "./column-types.js";
import type { PostgresListener } from "./postgres-pool.js";
import { SQL } from "./statements.js";
import { storageError } from "./storage-error.js";

type Listener = (event: StorageEvent) => void;

/** A connection on which changes are heard. */
interface Ear {
  readonly client: PostgresListener;
  /** Key of the row by which writers know that somebody listens. */
  readonly pk: number;
}

/** Milliseconds before the first try to connect again, and at most. */
const [FIRST_WAIT, LONGEST_WAIT] = [100, 10_000];
/** Milliseconds between two signs of life, and for the answer to one. Writers look for one within 90 seconds, it itself for one within 60. */
const [SIGN_EVERY, SIGN_TIMEOUT] = [20_000, 10_000];

/** Hears what any process changes, on a connection of its own, as long as anybody listens. */
export class EventListener {
  readonly #listeners = new Set<Listener>();
  #ear: Ear | undefined;
  #connecting: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param open makes a connection; undefined if the pool cannot. @param textOf a statement as the server gets it */
  constructor(
    private readonly open: () => PostgresListener | undefined,
    private readonly textOf: (sql: string) => string,
  ) {}

  async subscribe(listener: Listener): Promise<() => Promise<void>> {
    // An entry of its own, also for a function that listens twice.
    const entry: Listener = (event) => listener(event);
    this.#listeners.add(entry);
    try {
      await this.#connected();
    } catch (error) {
      await this.#unsubscribe(entry);
      throw error;
    }
    return () => this.#unsubscribe(entry);
  }

  /** Ends the connection. Nobody is told anything from here on. */
  async close(): Promise<void> {
    this.#listeners.clear();
    await this.#disconnect();
  }

  async #unsubscribe(entry: Listener): Promise<void> {
    this.#listeners.delete(entry);
    if (this.#listeners.size === 0) await this.#disconnect();
  }

  #connected(): Promise<void> {
    if (this.#ear !== undefined) return Promise.resolve();
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  async #connect(): Promise<void> {
    const client = this.open();
    if (client === undefined) {
      throw new CheckpointError("UNSUPPORTED", "subscribe() needs a connection of its own, which only a Pool of pg can make. Pass one.");
    }
    client.on("error", () => this.#lost(client));
    client.on("end", () => this.#lost(client));
    client.on("notification", ({ payload }) => this.#tell(eventOf(payload)));
    try {
      await client.connect();
      // Heard first, then told: nothing that is committed after this is missed.
      await this.#run(client, SQL.listen);
      const [row] = await this.#run(client, SQL.addListener);
      this.#ear = { client, pk: (row as { pk: number }).pk };
    } catch (error) {
      void client.end().catch(() => {});
      throw storageError(error);
    }
    // Nobody may be left who listens.
    if (this.#listeners.size === 0) await this.#disconnect();
    else this.#signLater(this.#ear);
  }

  async #disconnect(): Promise<void> {
    clearTimeout(this.#timer);
    const ear = this.#ear;
    this.#ear = undefined;
    if (ear === undefined) return;
    await this.#run(ear.client, SQL.removeListener, ear.pk).catch(() => {});
    await ear.client.end().catch(() => {});
  }

  #lost(client: PostgresListener): void {
    if (this.#ear?.client !== client) return;
    clearTimeout(this.#timer);
    this.#ear = undefined;
    void client.end().catch(() => {});
    this.#connectLater(FIRST_WAIT);
  }

  /** Tries again until it works or nobody listens any more; then tells that something may have been missed. */
  #connectLater(wait: number): void {
    if (this.#listeners.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#connected().then(
        () => this.#tell({ kind: "gap" }),
        () => this.#connectLater(Math.min(2 * wait, LONGEST_WAIT)),
      );
    }, wait);
  }

  /** Gives signs of life. They also show that the other end is there: a connection that was cut without a word stays silent for hours. */
  #signLater(ear: Ear): void {
    const { client, pk } = ear;
    this.#timer = setTimeout(() => {
      const late = setTimeout(() => this.#lost(client), SIGN_TIMEOUT);
      const sign = this.#run(client, SQL.keepListener, pk).finally(() => clearTimeout(late));
      sign.then(
        (rows) => {
          if (rows.length === 0) this.#lost(client);
          else if (this.#ear === ear) this.#signLater(ear);
        },
        () => this.#lost(client),
      );
    }, SIGN_EVERY);
  }

  async #run(client: PostgresListener, sql: string, ...values: unknown[]): Promise<unknown[]> {
    const { rows } = await client.query({ text: this.textOf(sql), values, types: columnTypes });
    return rows;
  }

  #tell(event: StorageEvent): void {
    for (const entry of this.#listeners) {
      // Each by itself: what one throws must not keep the event from the others.
      queueMicrotask(() => {
        if (this.#listeners.has(entry)) entry(event);
      });
    }
  }
}

/** Reads what the function `tell` of the schema sends. */
function eventOf(payload = ""): StorageEvent {
  const threadId = fromKeyText(payload.slice(1));
  if (payload.startsWith("t")) return { kind: "thread", threadId };
  return payload.startsWith("i") ? { kind: "interrupts", threadId } : { kind: "gap" };
}

import { CheckpointError, fromKeyText, type StorageEvent } from "@holdpoint/checkpoint";
import type { PostgresListener } from "./postgres-pool.js";
import { storageError } from "./storage-error.js";

type Listener = (event: StorageEvent) => void;

/** Milliseconds before the first try to connect again, and at most. */
const [FIRST_WAIT, LONGEST_WAIT] = [100, 10_000];
/** Milliseconds between two looks at whether a silent connection still works, and for the answer. */
const [PING_EVERY, PING_TIMEOUT] = [20_000, 10_000];

export interface EventSource {
  /** Makes a connection; undefined if the pool cannot. */
  open(): PostgresListener | undefined;
  readonly listen: string;
  readonly ping: string;
}

/** Hears what any process changes, on a connection of its own, as long as anybody listens. */
export class EventListener {
  readonly #listeners = new Set<Listener>();
  #client: PostgresListener | undefined;
  #connecting: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly source: EventSource) {}

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
    if (this.#client !== undefined) return Promise.resolve();
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  async #connect(): Promise<void> {
    const client = this.source.open();
    if (client === undefined) {
      throw new CheckpointError("UNSUPPORTED", "subscribe() needs a connection of its own, which only a Pool of pg can make. Pass one.");
    }
    client.on("error", () => this.#lost(client));
    client.on("end", () => this.#lost(client));
    client.on("notification", ({ payload }: { payload?: string }) => this.#tell(eventOf(payload)));
    try {
      await client.connect();
      await client.query({ text: this.source.listen });
    } catch (error) {
      void client.end().catch(() => {});
      throw storageError(error);
    }
    this.#client = client;
    // Nobody may be left who listens.
    if (this.#listeners.size === 0) await this.#disconnect();
    else this.#pingLater(client);
  }

  async #disconnect(): Promise<void> {
    clearTimeout(this.#timer);
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => {});
  }

  #lost(client: PostgresListener): void {
    if (this.#client !== client) return;
    clearTimeout(this.#timer);
    this.#client = undefined;
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

  /** A connection whose other end is gone without a word stays silent for hours; a question shows it. */
  #pingLater(client: PostgresListener): void {
    this.#timer = setTimeout(() => {
      const late = setTimeout(() => this.#lost(client), PING_TIMEOUT);
      client.query({ text: this.source.ping }).then(
        () => {
          clearTimeout(late);
          if (this.#client === client) this.#pingLater(client);
        },
        () => {
          clearTimeout(late);
          this.#lost(client);
        },
      );
    }, PING_EVERY);
  }

  #tell(event: StorageEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}

/** Reads what the function `tell` of the schema sends. */
function eventOf(payload = ""): StorageEvent {
  const threadId = fromKeyText(payload.slice(1));
  if (payload.startsWith("t")) return { kind: "thread", threadId };
  return payload.startsWith("i") ? { kind: "interrupts", threadId } : { kind: "gap" };
}

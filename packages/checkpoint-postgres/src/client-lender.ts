import type { PooledClient, PostgresPool } from "./postgres-pool.js";

/** Loans of one connection in a row, until its pool has it for a moment: to close it where it is too old, or has been used often enough. */
const MAX_LOANS = 100;

/** Taken when the module is loaded: tests with a false clock put another one in its place, and a connection would be kept for good. */
const nextTurn = setImmediate;
const ignore = () => {};

/**
 * Lends connections of a pool. The one that came back last is kept until the event loop turns: a run whose steps follow one another saves again within
 * the same turn, and asking a pool, its timers included, costs it a tenth of a step. Kept only while nobody waits for a connection.
 */
export class ClientLender {
  #kept: PooledClient | undefined;
  #loans = 0;
  #isScheduled = false;

  constructor(private readonly pool: PostgresPool) {}

  /** The connection that is kept. */
  take(): PooledClient | undefined {
    const kept = this.#kept;
    this.#kept = undefined;
    return kept;
  }

  async connect(): Promise<PooledClient> {
    const client = await this.pool.connect();
    // Also one that was made before the pool was ours to listen to.
    client.on("error", ignore);
    return client;
  }

  /** Takes back one that works. */
  giveBack(client: PooledClient): void {
    if (this.#kept !== undefined || this.pool.waitingCount !== 0 || ++this.#loans > MAX_LOANS) {
      this.release(client);
      return;
    }
    this.#kept = client;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    nextTurn(() => {
      this.#isScheduled = false;
      this.releaseKept();
    });
  }

  /** Gives a connection back to the pool. @param isBroken whether nobody is to use it again */
  release(client: PooledClient, isBroken = false): void {
    this.#loans = 0;
    client.removeListener("error", ignore);
    client.release(isBroken);
  }

  /** Gives back what is kept. */
  releaseKept(): void {
    const client = this.take();
    if (client !== undefined) this.release(client);
  }
}

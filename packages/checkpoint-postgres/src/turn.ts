import { toKeyText } from "@holdpoint/checkpoint";
import type { Session } from "./connection.js";
import { lockKey, type SchemaName } from "./schema-name.js";
import { SQL } from "./statements.js";

/** What the functions of the schema want to know before they change a thread. */
export type Turn = readonly [key: string, wait: string];

const MAX_KEYS = 1000;

/** How this saver changes threads. */
export class Turns {
  /** How long to wait for others, as the database takes it. */
  readonly wait: string;
  /** Of threads that were changed lately: a key takes some microseconds. */
  readonly #keys = new Map<string, string>();

  /** @param busyTimeout milliseconds to wait for others */
  constructor(
    private readonly schema: SchemaName,
    busyTimeout: number,
  ) {
    // Zero would be no limit.
    this.wait = `${Math.max(busyTimeout, 1)}ms`;
  }

  /** The first parameters of a function that changes a thread. */
  of(threadId: string): Turn {
    return [this.keyOf(threadId), this.wait];
  }

  /** Names the turns of a thread. */
  keyOf(threadId: string): string {
    const known = this.#keys.get(threadId);
    if (known !== undefined) return known;
    const key = lockKey(this.schema, "thread", toKeyText(threadId));
    if (this.#keys.size >= MAX_KEYS) this.#keys.clear();
    this.#keys.set(threadId, key);
    return key;
  }

  /** Waits until nothing else changes the thread. The turn ends with the transaction. */
  async enterAlone(session: Session, threadId: string): Promise<void> {
    const [key, wait] = this.of(threadId);
    await session.all(SQL.enterAlone, key, wait);
  }

  /**
   * Waits until nothing else appends to a journal. Entries of all threads come one after the other: readers go on by position, and must not miss one
   * whose transaction took longer. Taken after the turn at a thread.
   */
  async enterJournal(session: Session): Promise<void> {
    await session.all(SQL.enterAlone, lockKey(this.schema, "journal"), this.wait);
  }
}

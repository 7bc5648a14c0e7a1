import {
  CheckpointError,
  checkLease,
  fromKeyText,
  isLeaseStale,
  type LeaseOutcome,
  type ThreadLease,
  toKeyText,
} from "@holdpoint/checkpoint";
import type { Part } from "./change.js";
import type { ChangeQueue } from "./change-queue.js";
import type { Session } from "./connection.js";
import { SQL } from "./statements.js";
import type { Turns } from "./turn.js";

interface LeaseRow {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly expires: number;
}

/** Others may take or give back the lease between two looks at it; so often in a row, they do not. */
const MAX_ATTEMPTS = 20;

/** Which run has which thread, among all processes on the database. */
export class ThreadLeases {
  constructor(
    private readonly session: Session,
    private readonly turns: Turns,
    private readonly queue: ChangeQueue,
  ) {}

  /** @param session one that is alone with the thread, for it to stay so */
  async isHeld(session: Session, threadId: string, now: number): Promise<boolean> {
    const row = await session.get<LeaseRow>(SQL.readLease, toKeyText(threadId));
    return row !== undefined && !isLeaseStale(leaseOf(row), now);
  }

  async acquire(threadId: string, lease: ThreadLease, now: number): Promise<LeaseOutcome> {
    checkLease(lease, now);
    const part: Part = { kind: "lease", lease, now };
    return this.queue.add<LeaseOutcome>({ threadId, part, value: { kind: "acquired" }, run: () => this.#acquire(threadId, lease, now) });
  }

  async #acquire(threadId: string, lease: ThreadLease, now: number): Promise<LeaseOutcome> {
    const { id, host, pid, expiresAt } = lease;
    const thread = toKeyText(threadId);
    const wanted = [...this.turns.of(threadId), thread, toKeyText(id), toKeyText(host), pid, expiresAt];
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      if (await this.#takes(SQL.takeLease, ...wanted, now)) return { kind: "acquired" };
      const row = await this.session.get<LeaseRow>(SQL.readLease, thread);
      if (row === undefined) continue;
      const holder = leaseOf(row);
      // Whether a process of this machine is alive, only this machine can tell.
      if (!isLeaseStale(holder, now)) return { kind: "held", by: holder };
      if (await this.#takes(SQL.replaceLease, ...wanted, row.id, row.expires)) return { kind: "acquired" };
    }
    throw new CheckpointError("STORAGE_BUSY", "Others take this thread again and again. Nothing was saved: try again.", {
      retryable: true,
    });
  }

  async #takes(sql: string, ...values: unknown[]): Promise<boolean> {
    return (await this.session.get<{ taken: boolean }>(sql, ...values))?.taken === true;
  }

  async release(threadId: string, leaseId: string): Promise<void> {
    const part: Part = { kind: "release", leaseId };
    await this.queue.add({
      threadId,
      part,
      run: () => this.session.all(SQL.deleteLease, toKeyText(threadId), toKeyText(leaseId)),
    });
  }
}

function leaseOf({ id, host, pid, expires }: LeaseRow): ThreadLease {
  return { id: fromKeyText(id), host: fromKeyText(host), pid, expiresAt: expires };
}

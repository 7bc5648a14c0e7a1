import { checkLease, isLeaseStale, type LeaseOutcome, type ThreadLease } from "@holdpoint/checkpoint";
import type { Connection } from "./connection.js";
import { fromKeyText, toKeyText } from "./key-text.js";
import { SQL } from "./statements.js";

interface LeaseRow {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly expires: number;
}

/** Which run has which thread, among all processes on the file. */
export class ThreadLeases {
  constructor(private readonly connection: Connection) {}

  /** Whether a run has the thread. */
  isHeld(threadId: string, now: number): boolean {
    const row = this.connection.get<LeaseRow>(SQL.readLease, toKeyText(threadId));
    return row !== undefined && !isLeaseStale(leaseOf(row), now);
  }

  acquire(threadId: string, lease: ThreadLease, now: number): LeaseOutcome {
    checkLease(lease);
    const { id, host, pid, expiresAt } = lease;
    const thread = toKeyText(threadId);
    return this.connection.write((): LeaseOutcome => {
      const row = this.connection.get<LeaseRow>(SQL.readLease, thread);
      const holder = row === undefined ? undefined : leaseOf(row);
      if (holder !== undefined && holder.id !== id && !isLeaseStale(holder, now)) return { kind: "held", by: holder };
      this.connection.run(SQL.saveLease, thread, toKeyText(id), toKeyText(host), pid, expiresAt);
      return { kind: "acquired" };
    });
  }

  release(threadId: string, leaseId: string): void {
    this.connection.run(SQL.deleteLease, toKeyText(threadId), toKeyText(leaseId));
  }
}

function leaseOf({ id, host, pid, expires }: LeaseRow): ThreadLease {
  return { id: fromKeyText(id), host: fromKeyText(host), pid, expiresAt: expires };
}

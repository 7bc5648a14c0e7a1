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

  async acquire(threadId: string, lease: ThreadLease, now: number): Promise<LeaseOutcome> {
    checkLease(lease, now);
    const { id, host, pid, expiresAt } = lease;
    const values = [toKeyText(threadId), toKeyText(id), toKeyText(host), pid, expiresAt] as const;
    const alone = (): LeaseOutcome | undefined =>
      this.connection.runAlone(SQL.takeLease, ...values, now)?.changes === 1 ? { kind: "acquired" } : undefined;
    const run = (): LeaseOutcome => {
      if (this.connection.run(SQL.takeLease, ...values, now).changes === 1) return { kind: "acquired" };
      const row = this.connection.get<LeaseRow>(SQL.readLease, values[0]);
      const holder = row === undefined ? undefined : leaseOf(row);
      // The process that has it may be gone.
      if (holder !== undefined && !isLeaseStale(holder, now)) return { kind: "held", by: holder };
      this.connection.run(SQL.saveLease, ...values);
      return { kind: "acquired" };
    };
    return this.connection.change({ alone, run });
  }

  async release(threadId: string, leaseId: string): Promise<void> {
    const values = [toKeyText(threadId), toKeyText(leaseId)] as const;
    await this.connection.change<unknown>({
      alone: () => this.connection.runAlone(SQL.deleteLease, ...values),
      run: () => this.connection.run(SQL.deleteLease, ...values),
    });
  }
}

function leaseOf({ id, host, pid, expires }: LeaseRow): ThreadLease {
  return { id: fromKeyText(id), host: fromKeyText(host), pid, expiresAt: expires };
}

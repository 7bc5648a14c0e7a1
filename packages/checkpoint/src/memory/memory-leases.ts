import { isLeaseStale } from "../lease/is-lease-stale.js";
import { checkLease } from "../lease/new-lease.js";
import type { LeaseOutcome, ThreadLease } from "../types.js";

/** Which run has which thread. */
export class MemoryLeases {
  readonly #holders = new Map<string, ThreadLease>();

  acquire(threadId: string, lease: ThreadLease, now: number): LeaseOutcome {
    checkLease(lease, now);
    const holder = this.#holders.get(threadId);
    if (holder !== undefined && holder.id !== lease.id && !isLeaseStale(holder, now)) return { kind: "held", by: holder };
    this.#holders.set(threadId, { ...lease });
    return { kind: "acquired" };
  }

  /** Whether a run has the thread. */
  isHeld(threadId: string, now: number): boolean {
    const holder = this.#holders.get(threadId);
    return holder !== undefined && !isLeaseStale(holder, now);
  }

  release(threadId: string, leaseId: string): void {
    if (this.#holders.get(threadId)?.id === leaseId) this.#holders.delete(threadId);
  }
}

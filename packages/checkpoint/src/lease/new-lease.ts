import { CheckpointError } from "../checkpoint-error.js";
import type { ThreadLease } from "../types.js";
import { leaseHost } from "./lease-host.js";

/**
 * Makes the lease of a new run of this process. To prolong it, acquire it again with a later `expiresAt`.
 * @param now milliseconds since 1970
 * @param time milliseconds until it ends
 * @example
 * const lease = newLease(Date.now(), 30_000);
 * const outcome = await saver.acquireLease("thread-1", lease, Date.now());
 * if (outcome.kind === "held") console.log(`process ${outcome.by.pid} has it`);
 */
export function newLease(now: number, time: number): ThreadLease {
  return { id: crypto.randomUUID(), host: leaseHost(), pid: process.pid, expiresAt: now + time };
}

/** @throws CheckpointError INVALID_ARGUMENT if it cannot be kept, or would never end. */
export function checkLease(lease: ThreadLease, now?: number): void {
  const { id, host, pid, expiresAt } = lease ?? ({} as Partial<ThreadLease>);
  if (now !== undefined && !Number.isFinite(now))
    throw new CheckpointError("INVALID_ARGUMENT", "`now` of acquireLease must be milliseconds since 1970: Date.now().");
  const isWhole = typeof id === "string" && id !== "" && typeof host === "string" && Number.isSafeInteger(pid);
  if (isWhole && Number.isFinite(expiresAt)) return;
  throw new CheckpointError("INVALID_ARGUMENT", "A lease needs an id, a host, a pid and a finite expiresAt. Make one with newLease().");
}

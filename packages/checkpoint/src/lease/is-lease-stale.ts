import type { ThreadLease } from "../types.js";
import { leaseHost } from "./lease-host.js";

/**
 * Tells whether the holder of a lease is gone: its time is over, or it was a process of this host that does not exist any more. Of a process
 * on another host, only the time tells.
 */
export function isLeaseStale(holder: ThreadLease, now: number): boolean {
  return holder.expiresAt <= now || (holder.host === leaseHost() && !isAlive(holder.pid));
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return true;
  // 0 and below name groups of processes.
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and belongs to another user.
    return (error as { code?: unknown }).code !== "ESRCH";
  }
}

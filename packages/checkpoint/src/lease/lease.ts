import { randomUUID } from "node:crypto";
import { readlinkSync } from "node:fs";
import { hostname } from "node:os";
import type { ThreadLease } from "../types.js";

let host: string | undefined;

/** Names this machine, and what tells its process numbers apart from those of other containers on it. */
export function leaseHost(): string {
  host ??= `${hostname()} ${processNamespace()}`;
  return host;
}

function processNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}

/** Makes a lease of this process for `ttl` milliseconds. */
export const newLease = (now: number, ttl: number): ThreadLease => ({
  id: randomUUID(),
  host: leaseHost(),
  pid: process.pid,
  expiresAt: now + ttl,
});

/** Tells whether a lease holds nothing any more: it has run out, or its process is gone. */
export function isLeaseStale(lease: ThreadLease, now: number): boolean {
  if (lease.expiresAt <= now) return true;
  return lease.host === leaseHost() && lease.pid !== process.pid && !isAlive(lease.pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

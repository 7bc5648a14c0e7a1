import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

let host: string | undefined;

/**
 * Names what process numbers are unique in: this machine since it was started, and the process namespace (the container) on it. Where the
 * system does not tell these (outside of Linux), the host's name alone.
 */
export function leaseHost(): string {
  host ??= [hostname(), bootId(), processNamespace()].filter((part) => part !== "").join(" ");
  return host;
}

function bootId(): string {
  return orNothing(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
}

/** Such as `pid:[4026531836]`: two containers number their processes each from 1. */
function processNamespace(): string {
  return orNothing(() => readlinkSync("/proc/self/ns/pid"));
}

function orNothing(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}

// Not imported: with `fs`, an import statement would load all streams (decision 0033).
const nodeFs = () => process.getBuiltinModule("node:fs");
const nodeOs = () => process.getBuiltinModule("node:os");

let host: string | undefined;

/**
 * Names what process numbers are unique in: this machine since it was started, and the process namespace (the container) on it. Where the
 * system does not tell these (outside of Linux), the host's name alone.
 */
export function leaseHost(): string {
  host ??= [nodeOs().hostname(), bootId(), processNamespace()].filter((part) => part !== "").join(" ");
  return host;
}

function bootId(): string {
  return orNothing(() => nodeFs().readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
}

/** Such as `pid:[4026531836]`: two containers number their processes each from 1. */
function processNamespace(): string {
  return orNothing(() => nodeFs().readlinkSync("/proc/self/ns/pid"));
}

function orNothing(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}

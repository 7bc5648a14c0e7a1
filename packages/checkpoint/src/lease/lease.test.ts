import { spawnSync } from "node:child_process";
import { hostname } from "node:os";
import { describe, expect, it } from "vitest";
import { isLeaseStale } from "./is-lease-stale.js";
import { leaseHost } from "./lease-host.js";
import { newLease } from "./new-lease.js";

const NOW = 1_800_000_000_000;

describe("isLeaseStale", () => {
  it("goes by the time, for the process itself too", () => {
    const lease = newLease(NOW, 1000);
    expect(isLeaseStale(lease, NOW + 999)).toBe(false);
    expect(isLeaseStale(lease, NOW + 1000)).toBe(true);
  });

  it("sees that a process of this host has ended, and that another has not", () => {
    const ended = spawnSync(process.execPath, ["-e", ""]).pid;
    expect(isLeaseStale({ ...newLease(NOW, 1000), pid: ended }, NOW)).toBe(true);
    expect(isLeaseStale({ ...newLease(NOW, 1000), pid: process.ppid }, NOW)).toBe(false);
    expect(isLeaseStale({ ...newLease(NOW, 1000), pid: 1 }, NOW)).toBe(false);
  });

  it("knows nothing of the processes of another host", () => {
    const ended = spawnSync(process.execPath, ["-e", ""]).pid;
    expect(isLeaseStale({ ...newLease(NOW, 1000), pid: ended, host: "elsewhere" }, NOW)).toBe(false);
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 60])("takes %s for no process", (pid) => {
    expect(isLeaseStale({ ...newLease(NOW, 1000), pid }, NOW)).toBe(true);
  });
});

describe("leaseHost", () => {
  it("names the host, and more where the system tells more", () => {
    expect(leaseHost()).toBe(leaseHost());
    expect(leaseHost().startsWith(hostname())).toBe(true);
    if (process.platform === "linux") expect(leaseHost()).toMatch(/ [0-9a-f-]{36} pid:\[\d+\]$/);
  });
});

import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { CheckpointError } from "../checkpoint-error.js";
import { checkpointId, checkpointTime } from "./checkpoint-id.js";

const UUID6 = /^[0-9a-f]{8}-[0-9a-f]{4}-6[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("checkpointId", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is a uuid of version 6 that holds the time", () => {
    vi.useFakeTimers({ now: Date.UTC(2040, 0, 1) });
    const id = checkpointId();
    expect(id).toMatch(UUID6);
    const ticks = BigInt(`0x${id.slice(0, 8)}${id.slice(9, 13)}${id.slice(15, 18)}`);
    expect(Number(ticks / 10_000n - 12_219_292_800_000n)).toBe(Date.UTC(2040, 0, 1));
    expect(checkpointTime(id)).toBe(Date.UTC(2040, 0, 1));
    expect(checkpointTime("f81d4fae-7dec-41d0-a765-00a0c91e6bf6")).toBeUndefined();
  });

  it("rises strictly, also within a millisecond and when the clock goes back", () => {
    vi.useFakeTimers({ now: Date.UTC(2041, 0, 1) });
    let last = checkpointId();
    for (let n = 0; n < 30_000; n++) {
      if (n === 15_000) vi.setSystemTime(Date.UTC(2020, 0, 1));
      const id = checkpointId();
      expect(id > last).toBe(true);
      last = id;
    }
    vi.setSystemTime(Date.UTC(2042, 0, 1));
    expect(checkpointId() > last).toBe(true);
  });

  it("sorts after the parent, whatever uuid that is", () => {
    fc.assert(
      fc.property(fc.uuid({ version: [1, 4, 6, 7] }), (parent) => {
        fc.pre(!parent.startsWith("ffffffff-ffff"));
        const child = checkpointId(parent);
        const second = checkpointId(parent);
        expect(child).toMatch(UUID6);
        expect(child > parent && second > parent && second !== child).toBe(true);
        expect(checkpointId(child) > child).toBe(true);
      }),
    );
  });

  it("is not carried into the future by a parent from there", () => {
    const before = checkpointId();
    checkpointId("f1000000-0000-6000-8000-000000000000");
    expect(checkpointId().slice(0, 4)).toBe(before.slice(0, 4));
  });

  it("follows a parent whose clock is some minutes ahead, with everything after it", () => {
    const parent = checkpointId();
    const ahead = `${(Number.parseInt(parent.slice(0, 8), 16) + 100).toString(16).padStart(8, "0")}${parent.slice(8)}`;
    const child = checkpointId(ahead);
    expect(child > ahead).toBe(true);
    expect(checkpointId() > child).toBe(true);
  });

  it("says so when no uuid can sort after the parent", () => {
    for (const parent of ["zzz", "ffffffff-ffff-6fff-bfff-ffffffffffff", "g"]) {
      expect(() => checkpointId(parent)).toThrow(CheckpointError);
    }
    expect(checkpointId("0") > "0").toBe(true);
  });
});

import { getEventListeners } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { follow } from "./follow-signal.js";

const listeners = (signal: AbortSignal) => getEventListeners(signal, "abort").length;

describe("following a signal", () => {
  it("takes one listener for all who follow, and none when they are done", () => {
    const { signal } = new AbortController();
    const releases = Array.from({ length: 100 }, () => follow(new AbortController(), signal, undefined));
    expect(listeners(signal)).toBe(1);
    const release = follow(new AbortController(), signal, undefined);
    for (const each of releases) each();
    expect(listeners(signal)).toBe(1);
    release();
    release();
    expect(listeners(signal)).toBe(0);
  });

  it("stops all who follow, with the reason, and nobody who was released", () => {
    const source = new AbortController();
    const [one, two, gone, late] = [new AbortController(), new AbortController(), new AbortController(), new AbortController()];
    follow(one, source.signal, undefined);
    follow(two, source.signal, undefined);
    follow(gone, source.signal, undefined)();
    source.abort("closing");
    follow(late, source.signal, undefined);
    expect([one, two, late].map(({ signal }) => signal.reason)).toEqual(["closing", "closing", "closing"]);
    expect(gone.signal.aborted).toBe(false);
  });

  it("stops after a time, as AbortSignal.timeout does, and not when it was released", () => {
    vi.useFakeTimers();
    const [slow, quick, never] = [new AbortController(), new AbortController(), new AbortController()];
    follow(slow, undefined, 1000);
    follow(quick, undefined, 1000)();
    follow(never, undefined, Number.POSITIVE_INFINITY);
    vi.advanceTimersByTime(999);
    expect(slow.signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect([slow.signal.reason, quick.signal.aborted, never.signal.aborted]).toEqual([
      expect.objectContaining({ name: "TimeoutError" }),
      false,
      false,
    ]);
    vi.useRealTimers();
  });
});

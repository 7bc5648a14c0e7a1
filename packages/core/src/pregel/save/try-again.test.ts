import { afterEach, expect, it, vi } from "vitest";
import { tryAgain } from "./try-again.js";

const busy = Object.assign(new Error("busy"), { retryable: true });

afterEach(() => vi.restoreAllMocks());

it("begins no further try after ten seconds, however long each of them takes", async () => {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  let tries = 0;
  const slow = async () => {
    tries++;
    now += 6_000;
    throw busy;
  };
  await expect(tryAgain(slow, () => true, busy)).rejects.toBe(busy);
  expect(tries).toBe(2);
});

it("stops where an error says that it would fail again", async () => {
  const full = new Error("full");
  let tries = 0;
  const fails = async () => {
    tries++;
    throw full;
  };
  await expect(tryAgain(fails, () => true, busy)).rejects.toBe(full);
  expect(tries).toBe(1);
});

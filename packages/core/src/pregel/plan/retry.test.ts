import { describe, expect, it } from "vitest";
import { retryDelay, shouldRetry } from "./retry.js";

describe("another attempt", () => {
  it("is due three times in all, unless the policy says otherwise", () => {
    expect([1, 2, 3].map((attempts) => shouldRetry({}, attempts, new Error()))).toEqual([true, true, false]);
    expect([1, 4, 5].map((attempts) => shouldRetry({ maxAttempts: 5 }, attempts, new Error()))).toEqual([true, true, false]);
    expect(shouldRetry({ maxAttempts: 1 }, 1, new Error())).toBe(false);
    expect(shouldRetry(undefined, 1, new Error())).toBe(false);
  });
  it("is due only for the errors that are worth one", () => {
    const retryOn = (error: unknown) => error instanceof TypeError;
    expect(shouldRetry({ retryOn }, 1, new TypeError())).toBe(true);
    expect(shouldRetry({ retryOn }, 1, new Error())).toBe(false);
  });
});

describe("another attempt, where the policy does not say for which errors", () => {
  const failed = (fields: object) => Object.assign(new Error("no"), fields);
  it.each([
    ["an error", new Error("no")],
    ["what is no error", "no"],
    ["nothing", undefined],
    ["a busy service", failed({ status: 503 })],
    ["too many requests", failed({ status: 429 })],
    ["a request that took too long", failed({ response: { status: 408 } })],
    ["a status that is none", failed({ status: null, response: null, error: null })],
  ])("is due for %s", (_, error) => {
    expect(shouldRetry({}, 1, error)).toBe(true);
  });

  it.each([
    ["what was aborted", new DOMException("This operation was aborted", "AbortError")],
    ["what was cancelled", new Error("Canceled by the user")],
    ["a connection that was cut off on purpose", failed({ code: "ECONNABORTED" })],
    ["a wrong key", failed({ status: 401 })],
    ["a conflict", failed({ response: { status: "409" } })],
    ["a quota that is used up", failed({ status: 429, error: { code: "insufficient_quota" } })],
  ])("is not due for %s, unless the policy says so", (_, error) => {
    expect(shouldRetry({}, 1, error)).toBe(false);
    expect(shouldRetry({ retryOn: () => true }, 1, error)).toBe(true);
  });
});

describe("the wait before it", () => {
  it("doubles from half a second up to the longest", () => {
    const waits = [1, 2, 3, 20].map((attempts) => retryDelay({ jitter: false }, attempts, 0.5));
    expect(waits).toEqual([500, 1000, 2000, 128_000]);
  });
  it("follows the policy, with up to a second of chance", () => {
    expect(retryDelay({ initialInterval: 10, backoffFactor: 3, maxInterval: 50 }, 2, 0)).toBe(30);
    expect(retryDelay({ initialInterval: 10, backoffFactor: 3, maxInterval: 50 }, 3, 0.25)).toBe(300);
  });
});

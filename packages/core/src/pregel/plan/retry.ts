import type { RetryPolicy } from "../model/program.js";

/** Tells whether another attempt is due after this many. */
export function shouldRetry(policy: RetryPolicy | undefined, attempts: number, error: unknown): boolean {
  if (policy === undefined || attempts >= (policy.maxAttempts ?? 3)) return false;
  if (policy.retryOn !== undefined) return policy.retryOn(error);
  try {
    return isWorthAnother(error);
  } catch {
    // It cannot be read: nothing in it says that another attempt is of no use.
    return true;
  }
}

/** Answers that the same request would get again: 408 (timeout) and 429 (too many) are none of them. */
const FINAL_STATUS = new Set([400, 401, 402, 403, 404, 405, 406, 407, 409]);

/** Says, as LangGraph does, what another attempt may change: not what was stopped on purpose, nor what a service has refused for good. */
function isWorthAnother(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return true;
  const { name, message, code, status, response, error: inner } = error as Partial<Record<string, unknown>>;
  if (name === "AbortError" || code === "ECONNABORTED") return false;
  if (typeof message === "string" && (message.startsWith("Cancel") || message.startsWith("AbortError"))) return false;
  if (FINAL_STATUS.has(Number((response as { status?: unknown } | null | undefined)?.status ?? status))) return false;
  return (inner as { code?: unknown } | null | undefined)?.code !== "insufficient_quota";
}

/** Milliseconds to wait before the attempt that follows so many. `chance` is in [0, 1). */
export function retryDelay(policy: RetryPolicy, attempts: number, chance: number): number {
  const wait = (policy.initialInterval ?? 500) * (policy.backoffFactor ?? 2) ** (attempts - 1);
  return Math.min(wait, policy.maxInterval ?? 128_000) + (policy.jitter === false ? 0 : chance * 1000);
}

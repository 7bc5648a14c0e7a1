import type { RetryPolicy } from "../model/program.js";

/** Tells whether another attempt is due after this many. */
export function shouldRetry(policy: RetryPolicy | undefined, attempts: number, error: unknown): boolean {
  if (policy === undefined || attempts >= (policy.maxAttempts ?? 3)) return false;
  return policy.retryOn?.(error) ?? true;
}

/** Milliseconds to wait before the attempt that follows so many. `chance` is in [0, 1). */
export function retryDelay(policy: RetryPolicy, attempts: number, chance: number): number {
  const wait = (policy.initialInterval ?? 500) * (policy.backoffFactor ?? 2) ** (attempts - 1);
  return Math.min(wait, policy.maxInterval ?? 128_000) + (policy.jitter === false ? 0 : chance * 1000);
}

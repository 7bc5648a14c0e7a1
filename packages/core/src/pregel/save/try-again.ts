/** Milliseconds before each further try: about six seconds in all, well within a lease. */
const WAITS = [50, 100, 200, 400, 800, 1600, 3200];

/** Milliseconds after the first failure in which a further try may begin. A driver that waits for a lock by itself takes its own time for each. */
const LONGEST = 10_000;

/** Taken when the module is loaded: tests with a false clock put another one in its place. */
const later = setTimeout;

/**
 * Tries a save again that failed with an error which says that the same call may succeed (`retryable`: a lock, a lost connection). What it saves
 * was done, and would be done again if the run failed of it. Saving the same twice is saving it once.
 * @param mayTry asked before each further try
 * @param first the error that it failed with
 */
export async function tryAgain(save: () => Promise<unknown>, mayTry: () => boolean, first: unknown): Promise<unknown> {
  const until = performance.now() + LONGEST;
  let error = first;
  for (const wait of WAITS) {
    if (!isRetryable(error) || performance.now() > until) break;
    await new Promise<void>((resolve) => later(resolve, wait));
    if (!mayTry()) break;
    try {
      return await save();
    } catch (next) {
      error = next;
    }
  }
  throw error;
}

function isRetryable(error: unknown): boolean {
  try {
    return typeof error === "object" && error !== null && (error as { readonly retryable?: unknown }).retryable === true;
  } catch {
    // Anything may be thrown, also what cannot be looked at.
    return false;
  }
}

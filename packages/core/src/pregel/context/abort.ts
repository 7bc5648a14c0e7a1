import { GraphError } from "../../errors.js";

/** The error of a run that its caller stopped. */
export function aborted(signal: AbortSignal): GraphError {
  if (readerLeft !== undefined && signal.reason === readerLeft.reason) return readerLeft.error;
  return stopped(signal.reason);
}

/** Named as the platform's own error is: "AbortError", or "TimeoutError" where time ran out. */
function stopped(cause: unknown): GraphError {
  const message = "The run was stopped by its signal. What had finished is saved; run invoke(null, config) to go on.";
  const error = new GraphError("ABORTED", message, { cause });
  if ((cause as Partial<Error> | null | undefined)?.name === "TimeoutError") error.name = "TimeoutError";
  return error;
}

/**
 * Stops the run of a stream whose reader has left. All such runs share one reason and one error, which nobody waits for: making them anew, each with
 * its stack, took a third of the time to a stream's first chunk.
 */
export function stopUnread(controller: AbortController): void {
  if (readerLeft === undefined) {
    const reason = new DOMException("The stream's reader has left.", "AbortError");
    readerLeft = { reason, error: stopped(reason) };
  }
  controller.abort(readerLeft.reason);
}

let readerLeft: { readonly reason: DOMException; readonly error: GraphError } | undefined;

/** Throws if the signal says stop. */
export function leaveIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw aborted(signal);
}

/** Resolves like the promise, unless the signal comes first. The promise goes on by itself then, and `onStop` is called at once. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined, onStop: () => void): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const stop = () => {
      onStop();
      reject(aborted(signal));
    };
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** Waits, unless the signal comes first. */
export function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(aborted(signal as AbortSignal));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    if (signal?.aborted === true) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}

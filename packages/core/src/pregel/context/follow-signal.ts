import { GraphError } from "../../errors.js";

/** What stops with a signal, behind one listener of that signal for all of it. */
class Followers {
  readonly #controllers = new Set<AbortController>();

  constructor(private readonly signal: AbortSignal) {}

  add(controller: AbortController): void {
    if (this.#controllers.size === 0) this.signal.addEventListener("abort", this);
    this.#controllers.add(controller);
  }

  remove(controller: AbortController): void {
    if (this.#controllers.delete(controller) && this.#controllers.size === 0) this.signal.removeEventListener("abort", this);
  }

  handleEvent(): void {
    for (const controller of this.#controllers) controller.abort(this.signal.reason);
  }
}

// Not imported: decision 0033.
const { setMaxListeners } = process.getBuiltinModule("node:events");

/** Node takes more for none at all. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

const followed = new WeakMap<AbortSignal, Followers>();

/**
 * Stops a controller when somebody's signal says stop, or after so many milliseconds, until it is released. A server hands the same signal to each of
 * its runs: `AbortSignal.any` would leave something behind in it each time (60 bytes on Node 20, ten times as much with `AbortSignal.timeout`), and a
 * listener for each run would make Node warn of a leak at the eleventh.
 * @returns releases the signal and the timer
 * @throws GraphError INVALID_CONFIG
 */
export function follow(controller: AbortController, signal: AbortSignal | undefined, timeout: number | undefined): () => void {
  if (signal !== undefined && typeof signal.addEventListener !== "function") {
    throw new GraphError("INVALID_CONFIG", "signal must be an AbortSignal: pass controller.signal of an AbortController.");
  }
  setMaxListeners(0, controller.signal);
  if (signal?.aborted === true) controller.abort(signal.reason);
  const followers = signal === undefined || signal.aborted ? undefined : followersOf(signal);
  followers?.add(controller);
  const timer = timeout === undefined ? undefined : setTimeout(() => controller.abort(timeoutReason()), Math.min(timeout, LONGEST_TIMEOUT));
  timer?.unref();
  return () => {
    followers?.remove(controller);
    clearTimeout(timer);
  };
}

function followersOf(signal: AbortSignal): Followers {
  const known = followed.get(signal);
  if (known !== undefined) return known;
  const followers = new Followers(signal);
  followed.set(signal, followers);
  return followers;
}

/** As `AbortSignal.timeout` gives it. */
const timeoutReason = () => new DOMException("The operation was aborted due to timeout", "TimeoutError");

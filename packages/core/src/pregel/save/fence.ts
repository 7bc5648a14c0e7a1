/**
 * Stands between the runs of one thread, those of subgraphs included, and the saver, and before what they do: closed once somebody else has, or has
 * had, the thread.
 */
export class Fence {
  #lost: { readonly error: unknown } | undefined;
  #validUntil = Number.POSITIVE_INFINITY;
  #prolong: (() => Promise<void>) | undefined;

  /** Says until when the thread is ours for certain, and how to ask for longer. Milliseconds since 1970. */
  hold(validUntil: number, prolong: () => Promise<void>): void {
    this.#validUntil = validUntil;
    this.#prolong = prolong;
  }

  close(error: unknown): void {
    this.#lost ??= { error };
  }

  /** Lets a save through; one that comes when the lease has run out (the process slept) asks for the thread again first. Never throws. */
  pass<T>(save: () => Promise<T>): Promise<T> {
    return this.#lost === undefined && Date.now() < this.#validUntil ? started(save) : this.#passLate(save);
  }

  /** Before something is done that must not be done twice: undefined where the thread is ours for certain, otherwise asks. */
  makeSure(): Promise<void> | undefined {
    if (this.#lost === undefined && (this.#prolong === undefined || Date.now() < this.#validUntil)) return undefined;
    return this.#ask();
  }

  async #ask(): Promise<void> {
    if (this.#lost === undefined) await this.#prolong?.();
    if (this.#lost !== undefined) throw this.#lost.error;
  }

  async #passLate<T>(save: () => Promise<T>): Promise<T> {
    await this.#ask();
    return save();
  }
}

/** A saver that throws at once rejects as well: whoever saves for several tasks must not be left half-way. */
function started<T>(save: () => Promise<T>): Promise<T> {
  try {
    return save();
  } catch (error) {
    return Promise.reject(error);
  }
}

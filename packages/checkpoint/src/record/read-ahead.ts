/** What a list reads ahead, at most: checkpoints, and characters of all their states together. */
const MAX_CHECKPOINTS = 100;
const MAX_SIZE = 16_000_000;
const GROWTH = 8;

/**
 * Says how many checkpoints a list reads at once: one at first, since many callers want no more, and soon a page of them. What is read ahead is
 * bounded, however large a state is.
 */
export class ReadAhead {
  #count: number;
  #largest = 1;

  /** @param isSorted true where the storage must sort all that may match before it gives the first: then a page at once */
  constructor(isSorted = false) {
    this.#count = isSorted ? MAX_CHECKPOINTS : 1;
  }

  /** Checkpoints to read next, at least one. */
  get count(): number {
    return Math.max(1, Math.min(this.#count, Math.floor(MAX_SIZE / this.#largest)));
  }

  /** Notes the state sizes of what was read, as stored whole. */
  note(liveSizes: readonly number[]): void {
    for (const size of liveSizes) if (size > this.#largest) this.#largest = size;
    this.#count = Math.min(this.#count * GROWTH, MAX_CHECKPOINTS);
  }
}

import { execFileSync } from "node:child_process";
import { setImmediate } from "node:timers/promises";

/**
 * What is measured. `open` makes everything that a run needs and is not timed; `run` is timed, and throws if it computed something wrong.
 *
 * @typedef {{
 *   open(): Opened | Promise<Opened>,
 *   fresh?: boolean,
 *   cold?: boolean,
 * }} Contender `fresh`: opened anew for each sample, for runs that leave much behind. `cold`: too slow to be warmed up.
 *
 * @typedef {{
 *   run(): unknown,
 *   bytes?(): number | Promise<number>,
 *   keepsInMemory?: boolean,
 *   verify?(): unknown,
 *   close?(): unknown,
 * }} Opened `bytes`: of what is stored. `keepsInMemory`: what is stored is counted as heap that stays. `verify`: reads what was stored, and
 *   throws if that is wrong.
 */

/** A sample takes at least so many milliseconds. */
const SAMPLE = 20;
/** Runs are repeated for so long, in milliseconds, before the first sample, so that they are compiled as they will be. */
const WARM_UP = 1000;
const MOST_REPEATS = 2000;
/** Bytes of a sample below which what stays on the heap cannot be told from what the engine itself does there. */
const LEAST_HELD = 200_000;

/** Bytes that the heap holds after a collection; buffers are let go of a turn later. */
async function heldBytes() {
  globalThis.gc?.();
  await setImmediate();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Waits for the disk: what one contender has left to be written (gigabytes, at times) must not be waited for by the next. */
function writeBack() {
  try {
    execFileSync("sync");
  } catch {
    // A system without it: then the drift is the same for all.
  }
}

/** One contender, opened, warmed up, and run in samples. */
export class Session {
  #contender;
  #opened;
  #repeats = 1;
  #runs = 0;
  #bytesAtStart = 0;

  /** @param {Contender} contender */
  constructor(contender) {
    this.#contender = contender;
  }

  async warmUp() {
    await this.#open();
    if (this.#contender.cold) return;
    const start = performance.now();
    let last = start;
    let shortest = Number.POSITIVE_INFINITY;
    do {
      await this.#run();
      const now = performance.now();
      shortest = Math.min(shortest, now - last);
      last = now;
    } while (last - start < WARM_UP);
    this.#repeats = Math.min(MOST_REPEATS, Math.max(1, Math.ceil(SAMPLE / shortest)));
  }

  /** Gives the milliseconds of a run. No collection is forced before it: that would throw away what the engine has compiled. */
  async sample() {
    if (this.#contender.fresh) {
      await this.close();
      await this.#open();
    }
    if (this.#opened.bytes !== undefined) writeBack();
    const start = performance.now();
    for (let repeat = 0; repeat < this.#repeats; repeat++) await this.#run();
    return (performance.now() - start) / this.#repeats;
  }

  /** What a run leaves behind, in the storage or on the heap; undefined where it leaves nothing, or too little to be counted. */
  async bytesPerRun() {
    if (this.#opened.keepsInMemory) return this.#heldPerRun();
    if (this.#opened.bytes === undefined) return undefined;
    return ((await this.#opened.bytes()) - this.#bytesAtStart) / this.#runs;
  }

  async #heldPerRun() {
    const before = await heldBytes();
    for (let repeat = 0; repeat < this.#repeats; repeat++) await this.#run();
    const held = (await heldBytes()) - before;
    return held < LEAST_HELD ? undefined : held / this.#repeats;
  }

  async close() {
    const opened = this.#opened;
    this.#opened = undefined;
    if (opened === undefined) return;
    if (this.#runs > 0) await opened.verify?.();
    await opened.close?.();
  }

  async #open() {
    this.#opened = await this.#contender.open();
    this.#runs = 0;
    this.#bytesAtStart = (await this.#opened.bytes?.()) ?? 0;
  }

  #run() {
    this.#runs++;
    return this.#opened.run();
  }
}

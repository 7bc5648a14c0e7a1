import { once } from "node:events";
import { Worker } from "node:worker_threads";

// A thread of its own: drivers that work synchronously hold the main thread for as long as a write takes.
const WATCHING = `
  const { parentPort, workerData } = require("node:worker_threads");
  const [armed, delay] = [new Int32Array(workerData, 0, 1), new Float64Array(workerData, 8, 1)];
  parentPort.postMessage("watching");
  Atomics.wait(armed, 0, 0);
  Atomics.wait(armed, 0, 1, delay[0]);
  process.kill(process.pid, "SIGKILL");
`;

/** Kills its own process in the middle of something. No other process could: on a busy machine it would come too late. */
export class OwnKiller {
  readonly #armed: Int32Array;
  readonly #delay: Float64Array;

  private constructor(memory: SharedArrayBuffer) {
    this.#armed = new Int32Array(memory, 0, 1);
    this.#delay = new Float64Array(memory, 8, 1);
  }

  /** Resolves when it watches. */
  static async start(): Promise<OwnKiller> {
    const memory = new SharedArrayBuffer(16);
    const worker = new Worker(WATCHING, { eval: true, workerData: memory });
    worker.unref();
    await once(worker, "message");
    return new OwnKiller(memory);
  }

  /** Sends SIGKILL to the process after so many milliseconds, fractions of one included. */
  arm(milliseconds: number): void {
    this.#delay[0] = milliseconds;
    Atomics.store(this.#armed, 0, 1);
    Atomics.notify(this.#armed, 0);
  }
}

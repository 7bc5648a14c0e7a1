import { fork } from "node:child_process";

const RUNNER = new URL("../run-contender.js", import.meta.url);

/**
 * One contender in a process of its own: what another leaves on its heap, and makes the engine forget of compiled code, does not slow it. Takes one
 * call at a time.
 */
export class ContenderProcess {
  #child;
  #waiting;

  /** @param {{ file: string, contender: string, env?: Record<string, string> }} job `file`: of `workloads/` */
  constructor({ file, contender, env }) {
    this.#child = fork(RUNNER, [JSON.stringify({ file, contender })], {
      execArgv: ["--expose-gc", "--max-old-space-size=8192"],
      // The peer warns of its own listeners once a run.
      env: { ...process.env, ...env, NODE_NO_WARNINGS: "1", LANGSMITH_TRACING: "false" },
    });
    this.#child.on("message", (answer) => this.#settle(answer));
    this.#child.on("error", ({ message }) => this.#settle({ failed: message }));
    this.#child.on("exit", (code, signal) =>
      this.#settle({ failed: `The process of ${contender} in ${file}.js ended with ${signal ?? code}.` }),
    );
  }

  /** Opens the workload of this number, and warms it up. */
  warmUp(index) {
    return this.#ask({ action: "warmUp", index });
  }

  /** Milliseconds of a run. */
  sample() {
    return this.#ask({ action: "sample" });
  }

  bytesPerRun() {
    return this.#ask({ action: "bytesPerRun" });
  }

  /** Checks what was saved, and closes the workload. */
  close() {
    return this.#ask({ action: "close" });
  }

  /** Ends the process. */
  end() {
    this.#child.disconnect();
  }

  #ask(request) {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#child.send(request);
    });
  }

  #settle({ failed, value }) {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (failed === undefined) waiting?.resolve(value);
    else waiting?.reject(new Error(failed));
  }
}

import assert from "node:assert/strict";
import type { RunnableCase } from "./conformance.js";
import { COMPOUND_KINDS, isLarge, type WriteKind } from "./processes/crash-script.js";
import type { CrashJob, Json, Mark, Said } from "./processes/job.js";
import { type ProcessStorage, withStorage } from "./processes/process-storage.js";
import { type StartedProcess, startProcess, unexpectedEnd } from "./processes/start-process.js";
import { type Random, randomOf } from "./random.js";

export interface CrashConformanceOptions extends ProcessStorage {
  /** Processes to kill at every boundary; half as many in the other cases. Default 30. */
  readonly deaths?: number;
}

/** How a process dies. */
interface Death {
  readonly job?: Pick<CrashJob, "stopAfter" | "killWithin">;
  /** Asked about all that it says: once it is true, the process is killed. One that kills itself needs no other. */
  strikes?(said: Said): boolean;
  /** Milliseconds from then on. */
  readonly delay?: number;
}

const DEATHS = 30;
/** On one storage, one after the other: a look at all of it takes time with what is in it. */
const DEATHS_PER_STORAGE = 10;
/** Parts of a write's usual time after which its process is killed. */
const MOMENTS = [0.3, 0.7];

/**
 * Lists what a saver must survive: its process is killed (SIGKILL), and the next process finds everything that was acknowledged, nothing by halves
 * (a checkpoint without its parents, some of a task's writes, decisions without their journal entries, a thread that is partly deleted, copied or
 * imported), and goes on with the thread. Each process opens the storage by a module and a function, in plain Node.js.
 *
 * @example
 * const cases = crashConformance({
 *   name: "MySaver",
 *   open: { module: new URL("../dist/index.js", import.meta.url), export: "MySaver.open" },
 *   create: () => ["/tmp/empty.db"],
 * });
 * for (const { name, run } of cases) test(name, run);
 */
export function crashConformance(options: CrashConformanceOptions): RunnableCase[] {
  const { deaths = DEATHS } = options;
  const random = randomOf(7, false);
  const list = (count: number, next: (index: number) => Death) => Array.from({ length: count }, (_, index) => next(index));
  const plans: readonly (readonly [moment: string, deaths: () => Promise<readonly Death[]>])[] = [
    // On new storage, the first one goes on to where the last storage ended.
    ["at every boundary between two writes", async () => list(deaths, (at) => afterWrite(at % DEATHS_PER_STORAGE === 0 ? at + 1 : 1))],
    ["after some writes", async () => list(Math.ceil(deaths / 2), () => afterWrite(1 + random.below(25)))],
    ["in the middle of a write", () => duringWrites(options)],
    ["at any moment", async () => list(Math.ceil(deaths / 2), () => anyMoment(random))],
  ];
  return plans.map(([moment, planned]) => ({
    name: `a process that is killed ${moment} loses nothing that was acknowledged, and leaves nothing by halves`,
    run: async () => {
      const all = await planned();
      for (let at = 0; at < all.length; at += DEATHS_PER_STORAGE) {
        await withStorage(options, (args) => liveAndDie(options, args, all.slice(at, at + DEATHS_PER_STORAGE)));
      }
    },
  }));
}

/** It waits there for the end. */
function afterWrite(count: number): Death {
  let acknowledged = 0;
  return { job: { stopAfter: count }, strikes: ({ kind }) => kind === "acknowledged" && ++acknowledged === count };
}

/** Within each kind of write that may be cut in two, at several moments of the time that it takes here. */
async function duringWrites(options: CrashConformanceOptions): Promise<Death[]> {
  const times = new Map<WriteKind, number>();
  await withStorage(options, async (args) => {
    for (const one of await killedOnce(options, args, { task: "crash", begun: [], acknowledged: [] }, afterWrite(40))) {
      if (one.kind === "acknowledged" && isLarge(one.mark.step)) times.set(one.mark.op, one.took);
    }
  });
  const kinds = COMPOUND_KINDS.filter((op) => times.has(op));
  return MOMENTS.flatMap((part) => kinds.map((op): Death => ({ job: { killWithin: { op, after: part * times.get(op)! } } })));
}

function anyMoment(random: Random): Death {
  const [count, delay] = [random.below(60), random.below(15)];
  let heard = 0;
  return { delay, strikes: ({ kind }) => kind !== "ready" && heard++ === count };
}

async function liveAndDie(options: CrashConformanceOptions, args: readonly Json[], deaths: readonly Death[]): Promise<void> {
  const begun: Mark[] = [];
  const acknowledged: Mark[] = [];
  // The last one looks whether everything is there, and goes on with the thread.
  for (const death of [...deaths, afterWrite(1)]) {
    for (const one of await killedOnce(options, args, { task: "crash", begun, acknowledged }, death)) {
      if (one.kind === "begin") begun.push(one.mark);
      else if (one.kind === "acknowledged") acknowledged.push(one.mark);
    }
  }
  assert.ok(acknowledged.length > 0, "some writes are acknowledged");
}

async function killedOnce(options: CrashConformanceOptions, args: readonly Json[], job: CrashJob, death: Death): Promise<readonly Said[]> {
  let struck = false;
  const child: StartedProcess = startProcess(options.open, args, { ...job, ...death.job }, (said) => {
    if (said.kind === "ready") child.go();
    if (struck || death.strikes?.(said) !== true) return;
    struck = true;
    if (death.delay === undefined) child.kill();
    else setTimeout(child.kill, death.delay);
  });
  const end = await child.ended;
  if (end.signal !== "SIGKILL") throw unexpectedEnd(end, child.said);
  return child.said;
}

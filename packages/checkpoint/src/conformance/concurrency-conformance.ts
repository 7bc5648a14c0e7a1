import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunnableCase } from "./conformance.js";
import type { DetectedCapability } from "./conformance-case.js";
import type { Job, Json, RaceJob } from "./processes/job.js";
import { type ProcessStorage, withStorage } from "./processes/process-storage.js";
import type { Race } from "./processes/race.js";
import { RACES } from "./processes/races.js";
import { type StartedProcess, startProcess, unexpectedEnd } from "./processes/start-process.js";

export interface ConcurrencyConformanceOptions extends ProcessStorage {
  /** Processes that compete. Default 4. */
  readonly processes?: number;
  /** Optional capabilities that the saver lacks, each with the reason. The others are required. */
  readonly missing?: Partial<Readonly<Record<DetectedCapability, string>>>;
}

/**
 * Lists what several processes may do to one storage at once: open it, save threads of their own and branches of one, save writes of the same task,
 * answer the same questions, take a thread, append to a journal, delete what others save. All begin when all are there.
 *
 * @example
 * const cases = concurrencyConformance({
 *   name: "MySaver",
 *   open: { module: new URL("../dist/index.js", import.meta.url), export: "MySaver.open" },
 *   create: () => ["/tmp/empty.db"],
 * });
 * for (const { name, run } of cases) test(name, run);
 */
export function concurrencyConformance(options: ConcurrencyConformanceOptions): RunnableCase[] {
  const races = RACES.map((race) => ({
    name: `several processes ${race.name}`,
    capability: race.capability,
    run: () => compete(options, race),
  }));
  const dying = {
    name: "a process frees its thread by dying, and not before",
    capability: "acquireLease",
    run: () => dieWithLease(options),
  };
  return [...races, dying as (typeof races)[number]].map(({ name, capability, run }) => {
    const reason = capability === undefined ? undefined : options.missing?.[capability];
    return reason === undefined ? { name, run } : { name, skipped: reason, run: async () => undefined };
  });
}

async function compete(options: ConcurrencyConformanceOptions, race: Race): Promise<void> {
  const names = Array.from({ length: options.processes ?? 4 }, (_, index) => `p${index + 1}`);
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-race-"));
  const job = (part: RaceJob["part"], name: string): RaceJob => ({ task: "race", race: race.name, part, name, names, folder });
  try {
    await withStorage(options, async (args) => {
      const together = (jobs: readonly RaceJob[]) => resultsOf(options, args, jobs);
      const [shared = null] = race.prepare === undefined ? [] : await together([job("prepare", "")]);
      const said = await together(names.map((name) => ({ ...job("run", name), shared })));
      const results = Object.fromEntries(names.map((name, index) => [name, said[index] ?? null]));
      await together([{ ...job("verify", ""), shared, results }]);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs processes that begin together. @returns what each says in the end */
async function resultsOf(options: ConcurrencyConformanceOptions, args: readonly Json[], jobs: readonly Job[]): Promise<Json[]> {
  let waiting = jobs.length;
  const children: StartedProcess[] = jobs.map((job) =>
    startProcess(options.open, args, job, ({ kind }) => {
      if (kind === "ready" && --waiting === 0) for (const child of children) child.go();
    }),
  );
  try {
    return await Promise.all(
      children.map(async (child) => {
        const end = await child.ended;
        const result = child.said.findLast(({ kind }) => kind === "result");
        if (end.code !== 0 || result?.kind !== "result") throw unexpectedEnd(end, child.said);
        return result.value;
      }),
    );
  } finally {
    for (const child of children) child.kill();
    await Promise.allSettled(children.map(({ ended }) => ended));
  }
}

async function dieWithLease(options: ConcurrencyConformanceOptions): Promise<void> {
  await withStorage(options, async (args) => {
    const holders: Holder[] = [];
    const take = async () => {
      const holder = await hold(options, args);
      holders.push(holder);
      return holder;
    };
    try {
      const first = await take();
      assert.equal(first.outcome, "acquired");
      assert.equal((await take()).outcome, "held", "a living process keeps its thread");
      await first.kill();
      assert.equal((await take()).outcome, "acquired", "a dead process does not");
    } finally {
      for (const holder of holders) await holder.kill();
    }
  });
}

interface Holder {
  readonly outcome: Json;
  kill(): Promise<unknown>;
}

function hold(options: ConcurrencyConformanceOptions, args: readonly Json[]): Promise<Holder> {
  return new Promise((resolve, reject) => {
    const child: StartedProcess = startProcess(options.open, args, { task: "hold" }, (said) => {
      if (said.kind === "ready") child.go();
      if (said.kind === "result") resolve({ outcome: said.value, kill });
    });
    const kill = () => {
      child.kill();
      return child.ended;
    };
    child.ended.then((end) => reject(unexpectedEnd(end, child.said)), reject);
  });
}

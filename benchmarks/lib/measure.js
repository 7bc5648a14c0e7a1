// Times contenders in turns (A B C A B C …), so that a drift of the machine's speed meets all alike.

/** Rounds that a workload gets, however slow it is: fewer give no median. */
const LEAST_ROUNDS = 3;

/**
 * Runs each contender in each round, after a warm-up. Short runs are repeated within a sample, so that a clock's tick does not count.
 *
 * @param {Record<string, import("./contender-process.js").ContenderProcess>} processes by contender
 * @param {number} index the workload's number in its file
 * @param {{ rounds: number, budget: number }} limits `budget`: milliseconds after which no round beyond the third starts
 * @returns by contender: `times` (milliseconds a run, in the order of the rounds), and `bytes` a run where they can be counted
 */
export async function measure(processes, index, { rounds, budget }) {
  const contenders = Object.entries(processes).map(([name, process]) => ({ name, process, times: [] }));
  for (const { process } of contenders) await process.warmUp(index);
  const start = performance.now();
  for (let round = 0; round < rounds && (round < LEAST_ROUNDS || performance.now() - start < budget); round++) {
    for (const { process, times } of contenders) times.push(await process.sample());
  }
  const measured = {};
  for (const { name, process, times } of contenders) measured[name] = { times, bytes: await process.bytesPerRun() };
  for (const { process } of contenders) await process.close();
  return measured;
}

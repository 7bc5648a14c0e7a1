// Times contenders in turns (A B C A B C …), so that a drift of the machine's speed meets all alike.
import { Session } from "./session.js";

/** Rounds that a workload gets, however slow it is: fewer give no median. */
const LEAST_ROUNDS = 3;

/**
 * Runs each contender in each round, after a warm-up. Short runs are repeated within a sample, so that a clock's tick does not count.
 *
 * @param {Record<string, import("./session.js").Contender>} contenders
 * @param {{ rounds: number, budget: number }} limits `budget`: milliseconds after which no round beyond the third starts
 * @returns by contender: `times` (milliseconds a run, in the order of the rounds), and `bytes` a run where they can be counted
 */
export async function measure(contenders, { rounds, budget }) {
  const sessions = Object.entries(contenders).map(([name, contender]) => ({ name, session: new Session(contender), times: [] }));
  try {
    for (const { session } of sessions) await session.warmUp();
    const start = performance.now();
    for (let round = 0; round < rounds && (round < LEAST_ROUNDS || performance.now() - start < budget); round++) {
      for (const { session, times } of sessions) times.push(await session.sample());
    }
    const measured = {};
    for (const { name, session, times } of sessions) measured[name] = { times, bytes: await session.bytesPerRun() };
    return measured;
  } finally {
    for (const { session } of sessions) await session.close();
  }
}

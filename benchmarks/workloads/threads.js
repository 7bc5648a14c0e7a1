// Many threads at once, as a server has them: 1,000 threads of five steps, 100 of them in flight.
import { expect, handContender, newThread, runtimeContenders } from "../lib/contenders.js";
import { loopGraph } from "./steps.js";

const THREADS = 1000;
const IN_FLIGHT = 100;
const STEPS = 5;
const next = async (state) => ({ count: state.count + 1 });

/** Runs `work` for each thread, so many at a time. Gives what each gave. */
async function inFlight(work) {
  const results = [];
  let begun = 0;
  const worker = async () => {
    while (begun < THREADS) {
      begun++;
      results.push(await work());
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return results;
}

function check(results) {
  expect(results.length, THREADS);
  if (results.some(({ count }) => count !== STEPS)) throw new Error("A thread did not take all its steps.");
}

function contenders(kind) {
  const { holdpoint, langgraph } = runtimeContenders(kind, ({ runtime, saver, configOf }) => {
    const graph = loopGraph(runtime, saver, STEPS, next);
    let config;
    return {
      async run() {
        check(
          await inFlight(() => {
            config = configOf();
            return graph.invoke({ count: 0 }, config);
          }),
        );
      },
      verify: async () => expect((await graph.getState(config)).values, { count: STEPS }),
    };
  });
  const byHand = handContender(kind, (store) => {
    let last;
    const work = async () => {
      const thread = newThread();
      last = thread;
      let state = { count: 0 };
      while (state.count < STEPS) {
        const update = await next(state);
        state = { ...state, ...update };
        await store.append(thread, update);
      }
      return state;
    };
    return {
      async run() {
        check(await inFlight(work));
        store.flush();
      },
      verify: () => expect(store.list(last).length, STEPS),
    };
  });
  return { holdpoint, langgraph: { ...langgraph, cold: true }, byHand };
}

export const workloads = ["sqlite-sync", "sqlite-async"].map((kind) => ({
  group: "threads",
  name: "1,000 threads of 5 steps, 100 in flight",
  kind,
  unit: THREADS * STEPS,
  target: "threads",
  contenders: () => contenders(kind),
}));

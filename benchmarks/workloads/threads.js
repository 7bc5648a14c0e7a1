// Many threads at once, as a server has them: each of five steps, so many of them in flight.
import { expect, handContender, newThread, runtimeContenders } from "../lib/contenders.js";
import { loopGraph } from "./steps.js";

const STEPS = 5;
const next = async (state) => ({ count: state.count + 1 });

/** Runs `work` for each thread, so many at a time. Gives what each gave. */
async function inFlight({ threads, concurrency }, work) {
  const results = [];
  let begun = 0;
  const worker = async () => {
    while (begun < threads) {
      begun++;
      results.push(await work());
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  expect(results.length, threads);
  if (results.some(({ count }) => count !== STEPS)) throw new Error("A thread did not take all its steps.");
}

function contenders(kind, size) {
  const { holdpoint, langgraph } = runtimeContenders(kind, ({ runtime, saver, configOf }) => {
    const graph = loopGraph(runtime, saver, STEPS, next);
    let config;
    return {
      run: () =>
        inFlight(size, () => {
          config = configOf();
          return graph.invoke({ count: 0 }, config);
        }),
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
        await inFlight(size, work);
        await store.flush();
      },
      verify: async () => expect((await store.list(last)).length, STEPS),
    };
  });
  return { holdpoint, langgraph: { ...langgraph, cold: true }, byHand };
}

/** The workload of so many threads, so many of them in flight. */
export const threadsWorkload = ({ group, kind, target, threads, concurrency }) => ({
  group,
  name: `${threads.toLocaleString("en")} threads of ${STEPS} steps, ${concurrency} in flight`,
  kind,
  unit: threads * STEPS,
  target,
  contenders: () => contenders(kind, { threads, concurrency }),
});

export const workloads = ["sqlite-sync", "sqlite-async"].map((kind) =>
  threadsWorkload({ group: "threads", kind, target: "threads", threads: 1000, concurrency: 100 }),
);

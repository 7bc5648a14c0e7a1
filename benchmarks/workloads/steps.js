import { chainGraph, loopGraph, runtimes, wideGraph } from "../lib/graphs.js";

const LIMIT = { recursionLimit: 1_000_000 };

async function byHand(steps) {
  let state = { count: 0 };
  const step = async (current) => ({ count: current.count + 1 });
  for (let index = 0; index < steps; index++) state = { ...state, ...(await step(state)) };
  return state;
}

const check = (state, steps) => {
  if (state.count !== steps) throw new Error(`Expected ${steps} steps, but counted ${state.count}.`);
};

/** Runs without a saver: what a super-step costs, and whether the graph's size or the state's width adds to it. */
export const stepWorkloads = [
  ...[100, 1000].map((steps) => ({ name: `loop of ${steps}`, steps, build: (runtime) => loopGraph(runtime, steps) })),
  ...[100, 1000].map((steps) => ({ name: `chain of ${steps} nodes`, steps, build: (runtime) => chainGraph(runtime, steps) })),
  { name: "loop of 100, state of 200 keys", steps: 100, build: (runtime) => wideGraph(runtime, 100, 200) },
].map(({ name, steps, build }) => ({
  name,
  saver: "none",
  unit: steps,
  prepare() {
    const wide = name.includes("200 keys") ? Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`key${index}`, index])) : {};
    const graphs = Object.fromEntries(Object.entries(runtimes).map(([key, runtime]) => [key, build(runtime)]));
    const run = (graph) => async () => check(await graph.invoke({ ...wide, count: 0 }, LIMIT), steps);
    return { holdpoint: run(graphs.holdpoint), langgraph: run(graphs.langgraph), byHand: async () => check(await byHand(steps), steps) };
  },
}));

// One touched channel among 200: a step must not cost what the state is wide.
import { graphContenders } from "../lib/contenders.js";

const CHANNELS = 200;
const STEPS = 100;
const keys = Array.from({ length: CHANNELS }, (_, index) => `key${index}`);
const wide = Object.fromEntries(keys.map((key, index) => [key, index]));

function wideGraph({ Annotation, StateGraph, START, END }, saver) {
  const State = Annotation.Root({ ...Object.fromEntries(keys.map((key) => [key, Annotation()])), count: Annotation() });
  return new StateGraph(State)
    .addNode("step", (state) => ({ count: state.count + 1 }))
    .addEdge(START, "step")
    .addConditionalEdges("step", (state) => (state.count < STEPS ? "step" : END))
    .compile({ checkpointer: saver });
}

async function byHand(store, thread) {
  let state = { ...wide, count: 0 };
  await store.append(thread, state);
  while (state.count < STEPS) {
    const update = { count: state.count + 1 };
    state = { ...state, ...update };
    await store.append(thread, update);
  }
  return summary(state);
}

const summary = ({ key199, count }) => ({ key199, count });

export const workloads = ["none", "memory", "sqlite-sync", "sqlite-async"].map((kind) => ({
  group: "wide",
  name: `${STEPS} steps, one of ${CHANNELS} channels touched`,
  kind,
  unit: STEPS,
  target: kind === "none" || kind === "memory" ? "wide-memory" : "wide-sqlite",
  contenders: () =>
    graphContenders({
      kind,
      graph: wideGraph,
      input: { ...wide, count: 0 },
      result: { key199: 199, count: STEPS },
      resultOf: summary,
      byHand,
      rows: STEPS + 1,
    }),
}));

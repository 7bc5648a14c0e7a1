// Three graphs inside one another, each with a node of its own before the next: eight super-steps.
import { graphContenders } from "../lib/contenders.js";

const next = (state) => ({ count: state.count + 1 });
const DEPTH = 3;

function nestedGraph({ Annotation, StateGraph, START }, saver) {
  const State = Annotation.Root({ count: Annotation() });
  const level = (inner) =>
    new StateGraph(State).addNode("before", next).addNode("inner", inner).addEdge(START, "before").addEdge("before", "inner");
  let graph = level(next).compile();
  for (let depth = 1; depth < DEPTH; depth++) graph = level(graph).compile();
  return level(graph).compile({ checkpointer: saver });
}

/** Functions that call one another, each of which keeps what it did. */
async function byHand(store, thread) {
  const step = async (state, depth) => {
    const update = next(state);
    await store.append(thread, { depth, ...update });
    return { ...state, ...update };
  };
  const level = async (state, depth) => {
    const before = await step(state, depth);
    if (depth === DEPTH) return step(before, depth);
    const after = await level(before, depth + 1);
    await store.append(thread, { depth, ...after });
    return after;
  };
  return level({ count: 0 }, 0);
}

export const workloads = ["none", "memory", "sqlite-sync", "sqlite-async"].map((kind) => ({
  group: "nested",
  name: "three nested subgraphs",
  kind,
  unit: 8,
  target: kind === "none" || kind === "memory" ? "nested-memory" : "nested-sqlite",
  contenders: () =>
    graphContenders({
      kind,
      graph: nestedGraph,
      input: { count: 0 },
      result: { count: DEPTH + 2 },
      resultOf: ({ count }) => ({ count }),
      byHand,
      rows: 8,
    }),
}));

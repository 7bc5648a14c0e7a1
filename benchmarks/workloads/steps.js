// What a super-step costs: a node that goes round, and nodes in a row, so that a cost that grows with the graph's size shows.
import { graphContenders } from "../lib/contenders.js";

const next = (state) => ({ count: state.count + 1 });
const nextLater = async (state) => ({ count: state.count + 1 });

/** A node that counts up and goes round until `steps`. */
export function loopGraph({ Annotation, StateGraph, START, END }, saver, steps, node = next) {
  return new StateGraph(Annotation.Root({ count: Annotation() }))
    .addNode("step", node)
    .addEdge(START, "step")
    .addConditionalEdges("step", (state) => (state.count < steps ? "step" : END))
    .compile({ checkpointer: saver });
}

/** So many nodes in a row, each of which counts up. */
export function chainGraph({ Annotation, StateGraph, START }, saver, steps, node = next) {
  const graph = new StateGraph(Annotation.Root({ count: Annotation() }));
  for (let index = 0; index < steps; index++) {
    // A function of its own for each node, as in a real graph.
    graph.addNode(`node${index}`, node === next ? (state) => next(state) : async (state) => nextLater(state));
    graph.addEdge(index === 0 ? START : `node${index - 1}`, `node${index}`);
  }
  return graph.compile({ checkpointer: saver });
}

/** Both by hand: the loop is the graph. It waits for each step and each append, since either may take time. */
const byHand = (steps, node) => async (store, thread) => {
  let state = { count: 0 };
  while (state.count < steps) {
    const update = await node(state);
    state = { ...state, ...update };
    await store.append(thread, update);
  }
  return state;
};

const shapes = { loop: loopGraph, chain: chainGraph };
const targets = { none: "steps", memory: "steps-memory", "sqlite-sync": "steps-sqlite-sync", "sqlite-async": "steps-sqlite-async" };

/** In a chain of 3,000 nodes the peer takes about a minute a run with a saver. */
const isTooLong = (shape, steps, kind) => shape === "chain" && steps === 3000 && kind !== "none" && process.env.BENCH_LONG === undefined;

/** The workload of one shape, length and saver. */
export function stepsWorkload(shape, steps, kind, { isAsync = false, withoutPeer = isTooLong(shape, steps, kind) } = {}) {
  const isLongChain = shape === "chain" && steps >= 1000;
  return {
    group: "steps",
    name: `${shape} of ${steps.toLocaleString("en")}${isAsync ? ", async nodes" : ""}`,
    kind,
    unit: steps,
    target: isLongChain && kind === "sqlite-sync" ? "steps-sqlite-sync-long" : targets[kind],
    growth: { name: `${shape}${isAsync ? ", async nodes" : ""}`, x: steps },
    peerLeftOut: withoutPeer,
    contenders: () =>
      graphContenders({
        kind,
        graph: (runtime, saver) => shapes[shape](runtime, saver, steps, isAsync ? nextLater : next),
        input: { count: 0 },
        result: { count: steps },
        resultOf: ({ count }) => ({ count }),
        byHand: byHand(steps, isAsync ? nextLater : next),
        rows: steps,
        slowPeer: steps >= 3000 || isLongChain,
        withoutPeer,
      }),
  };
}

export const workloads = [
  ...["loop", "chain"].flatMap((shape) =>
    [10, 100, 1000, 3000].flatMap((steps) => [false, true].map((isAsync) => stepsWorkload(shape, steps, "none", { isAsync }))),
  ),
  ...["memory", "sqlite-sync", "sqlite-async"].flatMap((kind) =>
    ["loop", "chain"].flatMap((shape) => [10, 100, 1000, 3000].map((steps) => stepsWorkload(shape, steps, kind))),
  ),
];

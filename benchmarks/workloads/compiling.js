// Building and compiling a graph of 1,000 nodes; by hand, a map of functions and where each leads, checked.
import { expect } from "../lib/contenders.js";
import { eachRuntime, loadRuntime } from "../lib/runtimes.js";

const NODES = 1000;
const next = (state) => ({ count: state.count + 1 });

function compileGraph({ Annotation, StateGraph, START }) {
  const graph = new StateGraph(Annotation.Root({ count: Annotation() }));
  for (let index = 0; index < NODES; index++) {
    graph.addNode(`node${index}`, next);
    graph.addEdge(index === 0 ? START : `node${index - 1}`, `node${index}`);
  }
  return graph.compile();
}

function mapByHand() {
  const nodes = new Map();
  const edges = new Map();
  for (let index = 0; index < NODES; index++) {
    nodes.set(`node${index}`, next);
    edges.set(index === 0 ? "start" : `node${index - 1}`, `node${index}`);
  }
  for (const [from, to] of edges) {
    if (from !== "start" && !nodes.has(from)) throw new Error(`Unknown node ${from}.`);
    if (!nodes.has(to)) throw new Error(`Unknown node ${to}.`);
  }
  return { nodes, edges };
}

const compiling = (name) => ({
  async open() {
    const runtime = await loadRuntime(name);
    let graph;
    return {
      run() {
        graph = compileGraph(runtime);
      },
      verify: async () => expect((await graph.invoke({ count: 0 }, { recursionLimit: 10_000 })).count, NODES),
    };
  },
});

export const workloads = [
  {
    group: "compiling",
    name: "compile of 1,000 nodes",
    kind: "none",
    unit: NODES,
    unitName: "node",
    target: "compiling",
    contenders: () => ({
      ...eachRuntime(compiling),
      byHand: {
        open() {
          let map;
          return {
            run() {
              map = mapByHand();
            },
            verify: () => expect(map.edges.size, NODES),
          };
        },
      },
    }),
  },
];

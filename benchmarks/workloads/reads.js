// Reading a thread: the newest state, the history, and a state that is large and was built up step by step.
import { expect, handContender, newThread, runtimeContenders } from "../lib/contenders.js";
import { conversationByHand, conversationGraph } from "./conversation.js";
import { loopGraph } from "./steps.js";

const LONG = 1000;
const SNAPSHOTS = 100;
const MESSAGES = 500;

/** Gives contenders that read a thread which `grow` has made. */
function reading(kind, { grow, read, growByHand, readByHand }) {
  const byRuntime = runtimeContenders(kind, async ({ runtime, saver, configOf }) => {
    const config = configOf();
    const graph = await grow(runtime, saver, config);
    // A config without a limit: `getState` knows only the thread.
    const place = { configurable: { ...config.configurable } };
    return { run: () => read(graph, place) };
  });
  const byHand = handContender(kind, async (store) => {
    const thread = newThread();
    await growByHand(store, thread);
    return { run: () => readByHand(store, thread) };
  });
  const idle = (contender) => ({
    ...contender,
    open: async () => ({ ...(await contender.open()), bytes: undefined, keepsInMemory: false }),
  });
  return { holdpoint: idle(byRuntime.holdpoint), langgraph: idle(byRuntime.langgraph), byHand: idle(byHand) };
}

const longThread = {
  async grow(runtime, saver, config) {
    const graph = loopGraph(runtime, saver, LONG);
    await graph.invoke({ count: 0 }, config);
    return graph;
  },
  async growByHand(store, thread) {
    for (let count = 1; count <= LONG; count++) await store.append(thread, { count });
  },
};

const reads = [
  {
    name: `getState of a small state, thread of ${LONG.toLocaleString("en")} checkpoints`,
    target: "read-state",
    unitName: "read",
    unit: 1,
    ...longThread,
    read: async (graph, config) => expect((await graph.getState(config)).values, { count: LONG }),
    readByHand: (store, thread) => expect(store.newest(thread), { count: LONG }),
  },
  {
    name: `${SNAPSHOTS} snapshots of history`,
    target: "read-history",
    unitName: "snapshot",
    unit: SNAPSHOTS,
    ...longThread,
    async read(graph, config) {
      const counts = [];
      for await (const { values } of graph.getStateHistory(config, { limit: SNAPSHOTS })) counts.push(values.count);
      expect([counts.length, counts.at(-1)], [SNAPSHOTS, LONG - SNAPSHOTS + 1]);
    },
    readByHand(store, thread) {
      const list = store.list(thread, SNAPSHOTS);
      expect([list.length, list[0].count], [SNAPSHOTS, LONG - SNAPSHOTS + 1]);
    },
  },
  {
    name: `getState of ${MESSAGES} messages of 1 kB`,
    target: "read-large-state",
    unitName: "read",
    unit: 1,
    async grow(runtime, saver, config) {
      const graph = conversationGraph(runtime, saver, MESSAGES);
      await graph.invoke({ messages: [] }, config);
      return graph;
    },
    read: async (graph, config) => expect((await graph.getState(config)).values.messages.length, MESSAGES),
    growByHand: conversationByHand(MESSAGES),
    readByHand: (store, thread) => expect(store.list(thread).length, MESSAGES),
  },
];

export const workloads = ["memory", "sqlite-sync"].flatMap((kind) =>
  reads.map(({ name, target, unit, unitName, ...parts }) => ({
    group: "reads",
    name,
    kind,
    unit,
    unitName,
    target,
    contenders: () => reading(kind, parts),
  })),
);

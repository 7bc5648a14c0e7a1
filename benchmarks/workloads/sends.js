// Fan-out and fan-in: one step makes a task for each of many items, and the next reads what all of them found.
import { graphContenders } from "../lib/contenders.js";

const work = async (item) => ({ found: [item * 2] });
const sum = (list) => list.reduce((total, value) => total + value, 0);

export function sendsGraph({ Annotation, StateGraph, Send, START }, saver, items) {
  const State = Annotation.Root({
    items: Annotation(),
    found: Annotation({ reducer: (all, more) => all.concat(more), default: () => [] }),
    total: Annotation(),
  });
  return new StateGraph(State)
    .addNode("plan", () => ({ items: Array.from({ length: items }, (_, index) => index) }))
    .addNode("work", ({ item }) => work(item))
    .addNode("gather", (state) => ({ total: sum(state.found) }))
    .addEdge(START, "plan")
    .addConditionalEdges("plan", (state) => state.items.map((item) => new Send("work", { item })), ["work"])
    .addEdge("work", "gather")
    .compile({ checkpointer: saver });
}

/** Each item's result is kept when it is there, so that a crash repeats none; the state after each of the three steps follows from the rows. */
const byHand = (items) => async (store, thread) => {
  const plan = Array.from({ length: items }, (_, index) => index);
  await store.append(thread, { items: plan });
  const found = [];
  await Promise.all(
    plan.map(async (item) => {
      const update = await work(item);
      await store.append(thread, { item, ...update });
      found.push(...update.found);
    }),
  );
  const total = sum(found);
  await store.append(thread, { total });
  return { total };
};

const targets = (kind, items) => {
  if (kind === "none" || kind === "memory") return "sends-memory";
  return items === 1000 ? "sends-sqlite-1000" : "sends-sqlite-100";
};

export const workloads = ["none", "memory", "sqlite-sync", "sqlite-async"].flatMap((kind) =>
  [100, 1000].map((items) => ({
    group: "sends",
    name: `fan-out and fan-in of ${items.toLocaleString("en")} Sends`,
    kind,
    unit: items,
    unitName: "Send",
    target: targets(kind, items),
    growth: { name: "Sends", x: items },
    contenders: () =>
      graphContenders({
        kind,
        graph: (runtime, saver) => sendsGraph(runtime, saver, items),
        input: {},
        result: { total: items * (items - 1) },
        resultOf: ({ total }) => ({ total }),
        byHand: byHand(items),
        rows: items + 2,
        slowPeer: items === 1000,
        fresh: items === 1000,
      }),
  })),
);

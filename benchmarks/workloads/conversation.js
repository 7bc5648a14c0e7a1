// A conversation that grows by one message of 1 kB a step: what it costs must follow what is new, not what is there.
import { graphContenders } from "../lib/contenders.js";
import { makeBook } from "../lib/make-book.js";

const SIZE = 1000;
const book = makeBook(500_000);

/** The message at a place of the conversation: 1,000 characters that PostgreSQL cannot shrink to nothing, as it could one letter repeated. */
const text = (index) => {
  const start = (index * 997) % (book.length - SIZE);
  return `${index} ${book.slice(start, start + SIZE)}`.slice(0, SIZE);
};

export function conversationGraph({ Annotation, StateGraph, START, END }, saver, steps) {
  const State = Annotation.Root({ messages: Annotation({ reducer: (all, more) => all.concat(more), default: () => [] }) });
  return new StateGraph(State)
    .addNode("talk", (state) => ({ messages: [{ role: "ai", content: text(state.messages.length) }] }))
    .addEdge(START, "talk")
    .addConditionalEdges("talk", (state) => (state.messages.length < steps ? "talk" : END))
    .compile({ checkpointer: saver });
}

export const conversationByHand = (steps) => async (store, thread) => {
  const messages = [];
  while (messages.length < steps) {
    const message = { role: "ai", content: text(messages.length) };
    messages.push(message);
    await store.append(thread, message);
  }
  return summary({ messages });
};

const summary = ({ messages }) => ({ length: messages.length, last: messages.at(-1).content.slice(0, 8) });

/** The workload of one length and saver. */
export function conversationWorkload(steps, kind, withoutPeer = false) {
  return {
    group: "conversation",
    name: `conversation of ${steps.toLocaleString("en")} messages of 1 kB`,
    kind,
    unit: steps,
    target: steps >= 2000 ? "conversation-long" : "conversation",
    growth: { name: "conversation", x: steps },
    peerLeftOut: withoutPeer,
    contenders: () =>
      graphContenders({
        kind,
        graph: (runtime, saver) => conversationGraph(runtime, saver, steps),
        input: { messages: [] },
        result: { length: steps, last: text(steps - 1).slice(0, 8) },
        resultOf: summary,
        byHand: conversationByHand(steps),
        rows: steps,
        slowPeer: steps >= 500,
        withoutPeer,
        fresh: steps >= 500,
      }),
  };
}

/** The peer would write 50 GB in a run of 10,000, and writes 2 GB in one of 2,000: once, in "sync", is enough. */
const isTooLong = (steps, kind) => steps === 10_000 || (steps >= 1000 && kind === "sqlite-async");

export const workloads = ["memory", "sqlite-sync", "sqlite-async"].flatMap((kind) =>
  [125, 250, 500, 1000, 2000, 10_000].map((steps) => conversationWorkload(steps, kind, isTooLong(steps, kind))),
);

import { MemorySaver } from "@holdpoint/checkpoint";
import { MemorySaver as PeerMemorySaver } from "@langchain/langgraph";
import { conversationGraph, loopGraph, runtimes } from "../lib/graphs.js";
import { handWrittenSqlite, openSqlite } from "../lib/sqlite.js";

const MESSAGE = 1000;
let thread = 0;
const config = () => ({ recursionLimit: 1_000_000, configurable: { thread_id: `t${thread++}` } });

/** A saver as somebody would write it for one loop: the newest state, and a log of what each step changed. */
function handWrittenMemory() {
  const log = [];
  return { append: async (change) => void log.push(JSON.stringify(change)) };
}

async function loopByHand(steps, store) {
  let state = { count: 0 };
  for (let index = 0; index < steps; index++) {
    const update = { count: state.count + 1 };
    state = { ...state, ...update };
    await store.append(update);
  }
}

async function conversationByHand(steps, store) {
  let messages = [];
  while (messages.length < steps) {
    const message = { role: "ai", content: `${messages.length} `.padEnd(MESSAGE, "x") };
    messages = [...messages, message];
    await store.append(message);
  }
}

const saved = (name, steps, graph, hand, input) => [
  {
    name,
    saver: "memory",
    unit: steps,
    prepare() {
      const ours = graph(runtimes.holdpoint, new MemorySaver());
      const peer = graph(runtimes.langgraph, new PeerMemorySaver());
      return {
        holdpoint: () => ours.invoke(input, config()),
        langgraph: () => peer.invoke(input, config()),
        byHand: () => hand(steps, handWrittenMemory()),
      };
    },
  },
  {
    name,
    saver: "SQLite, sync",
    unit: steps,
    async prepare() {
      const store = await openSqlite();
      const hands = handWrittenSqlite();
      const ours = graph(runtimes.holdpoint, store.saver);
      return {
        holdpoint: () => ours.invoke(input, config()),
        byHand: () => hand(steps, hands),
        bytes: store.bytes,
        bytesByHand: hands.bytes,
        close() {
          store.close();
          hands.close();
        },
      };
    },
  },
];

/** Runs with a saver: what saving a step costs, and how time and bytes grow with the thread. */
export const savedWorkloads = [
  ...saved("loop of 500", 500, (runtime, saver) => loopGraph(runtime, 500, saver), loopByHand, { count: 0 }),
  ...[125, 250, 500, 1000].flatMap((steps) =>
    saved(
      `conversation of ${steps} messages of 1 kB`,
      steps,
      (runtime, saver) => conversationGraph(runtime, steps, MESSAGE, saver),
      conversationByHand,
      { messages: [] },
    ).map((workload) => ({
      ...workload,
      growth: `conversation, ${workload.saver}`,
    })),
  ),
];

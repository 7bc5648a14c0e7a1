// Streaming without a saver: what it costs to hear of each step as it happens.
import { expect } from "../lib/contenders.js";
import { eachRuntime, loadRuntime } from "../lib/runtimes.js";
import { loopGraph } from "./steps.js";

const STEPS = 100;
const CHUNKS = 10;
const LIMIT = { recursionLimit: 1_000_000 };

/** Each step says so many words of its own. */
const talking = (state, config) => {
  for (let index = 0; index < CHUNKS; index++) config.writer({ word: index });
  return { count: state.count + 1 };
};

/** The loop as a generator: it says what each step did. */
async function* stepsByHand(shown) {
  let state = { count: 0 };
  while (state.count < STEPS) {
    const update = await next(state);
    state = { ...state, ...update };
    yield shown === "values" ? state : { step: update };
  }
}

async function* wordsByHand() {
  let state = { count: 0 };
  while (state.count < STEPS) {
    const words = [];
    const update = await talking(state, { writer: (word) => words.push(word) });
    yield* words;
    state = { ...state, ...update };
  }
}

const next = async (state) => ({ count: state.count + 1 });

async function countChunks(stream, least) {
  let count = 0;
  for await (const _ of await stream) count++;
  if (count < least) throw new Error(`Expected ${least} chunks, but got ${count}.`);
}

async function takeFirst(stream) {
  for await (const chunk of await stream) {
    expect(chunk.step.count, 1);
    return;
  }
}

/** @param {(stream: unknown) => Promise<void>} read */
const streaming = (streamMode, node, read, byHand) => () => {
  const contender = (name) => ({
    async open() {
      const graph = loopGraph(await loadRuntime(name), undefined, STEPS, node);
      return { run: () => read(graph.stream({ count: 0 }, { ...LIMIT, streamMode })) };
    },
  });
  return { ...eachRuntime(contender), byHand: { open: () => ({ run: () => read(byHand()) }) } };
};

const step = (state) => ({ count: state.count + 1 });
const workload = (name, unit, target, contenders) => ({
  group: "streams",
  name,
  kind: "none",
  unit,
  unitName: "chunk",
  target,
  contenders,
});

export const workloads = [
  workload(
    "stream, first chunk",
    1,
    "streams",
    streaming("updates", step, takeFirst, () => stepsByHand("updates")),
  ),
  workload(
    "stream, values",
    STEPS,
    "streams",
    streaming(
      "values",
      step,
      (stream) => countChunks(stream, STEPS),
      () => stepsByHand("values"),
    ),
  ),
  workload(
    "stream, updates",
    STEPS,
    "streams",
    streaming(
      "updates",
      step,
      (stream) => countChunks(stream, STEPS),
      () => stepsByHand("updates"),
    ),
  ),
  workload(
    "stream, custom",
    STEPS * CHUNKS,
    "streams-custom",
    streaming("custom", talking, (stream) => countChunks(stream, STEPS * CHUNKS), wordsByHand),
  ),
];

// A model's answer, chunk by chunk, out of a node: most of the time is LangChain's own.
import "@holdpoint/prebuilt";
import { HumanMessage } from "@langchain/core/messages";
import { runtimes } from "../lib/contenders.js";
import { TalkingModel } from "../lib/scripted-model.js";

const CHUNKS = 200;

function talkGraph({ Annotation, StateGraph, START }, model) {
  const State = Annotation.Root({ messages: Annotation({ reducer: (all, more) => all.concat(more), default: () => [] }) });
  return new StateGraph(State)
    .addNode("talk", async (state, config) => ({ messages: [await model.invoke(state.messages, config)] }))
    .addEdge(START, "talk")
    .compile();
}

async function countChunks(stream, textOf) {
  let count = 0;
  for await (const chunk of await stream) if (textOf(chunk) === "word ") count++;
  if (count !== CHUNKS) throw new Error(`Expected ${CHUNKS} chunks, but got ${count}.`);
}

function contenders() {
  const messages = [new HumanMessage("Hello")];
  const contender = (runtime) => ({
    open() {
      const graph = talkGraph(runtime, new TalkingModel(CHUNKS));
      return { run: () => countChunks(graph.stream({ messages }, { streamMode: "messages" }), ([chunk]) => chunk.content) };
    },
  });
  const byHand = {
    open() {
      const model = new TalkingModel(CHUNKS);
      return { run: () => countChunks(model.stream(messages), (chunk) => chunk.content) };
    },
  };
  return { holdpoint: contender(runtimes.holdpoint), langgraph: contender(runtimes.langgraph), byHand };
}

export const workloads = [
  {
    group: "message-streams",
    name: "stream, messages",
    kind: "none",
    unit: CHUNKS,
    unitName: "chunk",
    target: "streams-messages",
    contenders,
  },
];

// A model's answer, chunk by chunk, out of a node: most of the time is LangChain's own.
import { HumanMessage } from "@langchain/core/messages";
import { eachRuntime, loadRuntime } from "../lib/runtimes.js";
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
  const contender = (name) => ({
    async open() {
      // Ours hears of a model's chunks through prebuilt.
      if (name === "holdpoint") await import("@holdpoint/prebuilt");
      const graph = talkGraph(await loadRuntime(name), new TalkingModel(CHUNKS));
      return { run: () => countChunks(graph.stream({ messages }, { streamMode: "messages" }), ([chunk]) => chunk.content) };
    },
  });
  const byHand = {
    open() {
      const model = new TalkingModel(CHUNKS);
      return { run: () => countChunks(model.stream(messages), (chunk) => chunk.content) };
    },
  };
  return { ...eachRuntime(contender), byHand };
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

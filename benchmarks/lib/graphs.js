import * as holdpoint from "@holdpoint/core";
import * as langgraph from "@langchain/langgraph";

/** The same names in both: one builder serves both runtimes. */
export const runtimes = { holdpoint, langgraph };

/** A node that counts up and goes round until `steps`. */
export function loopGraph({ Annotation, StateGraph, START, END }, steps, checkpointer) {
  const State = Annotation.Root({ count: Annotation() });
  return new StateGraph(State)
    .addNode("step", (state) => ({ count: state.count + 1 }))
    .addEdge(START, "step")
    .addConditionalEdges("step", (state) => (state.count < steps ? "step" : END))
    .compile({ checkpointer });
}

/** So many nodes in a row, each of which counts up. */
export function chainGraph({ Annotation, StateGraph, START }, steps, checkpointer) {
  const State = Annotation.Root({ count: Annotation() });
  const graph = new StateGraph(State);
  for (let index = 0; index < steps; index++) {
    graph.addNode(`node${index}`, (state) => ({ count: state.count + 1 }));
    graph.addEdge(index === 0 ? START : `node${index - 1}`, `node${index}`);
  }
  return graph.compile({ checkpointer });
}

/** A conversation that grows by one message of `size` characters a step. */
export function conversationGraph({ Annotation, StateGraph, START, END }, steps, size, checkpointer) {
  const State = Annotation.Root({ messages: Annotation({ reducer: (all, more) => all.concat(more), default: () => [] }) });
  return new StateGraph(State)
    .addNode("talk", (state) => ({ messages: [{ role: "ai", content: `${state.messages.length} `.padEnd(size, "x") }] }))
    .addEdge(START, "talk")
    .addConditionalEdges("talk", (state) => (state.messages.length < steps ? "talk" : END))
    .compile({ checkpointer });
}

/** One touched key among many. */
export function wideGraph({ Annotation, StateGraph, START, END }, steps, keys, checkpointer) {
  const spec = Object.fromEntries(Array.from({ length: keys }, (_, index) => [`key${index}`, Annotation()]));
  const State = Annotation.Root({ ...spec, count: Annotation() });
  return new StateGraph(State)
    .addNode("step", (state) => ({ count: state.count + 1 }))
    .addEdge(START, "step")
    .addConditionalEdges("step", (state) => (state.count < steps ? "step" : END))
    .compile({ checkpointer });
}

// A question and its answer: a run that stops, and one that goes on. On a new thread, on a long one, and many questions at once.
import { expect, handContender, newThread, runtimeContenders } from "../lib/contenders.js";
import { handQuestions } from "../lib/stores/hand-questions.js";

const PARALLEL = 100;
const LONG = 1000;

/** Counts up to `until`, then asks. */
function askingGraph({ Annotation, StateGraph, START, interrupt }, saver) {
  const State = Annotation.Root({ count: Annotation(), until: Annotation(), answer: Annotation() });
  return new StateGraph(State)
    .addNode("step", (state) => ({ count: state.count + 1 }))
    .addNode("ask", () => ({ answer: interrupt("Send it?") }))
    .addEdge(START, "step")
    .addConditionalEdges("step", (state) => (state.count < state.until ? "step" : "ask"))
    .compile({ checkpointer: saver });
}

/** @param {number} history steps that the thread has taken before; 0: a new thread for each question */
const oneQuestion = (history) => async (parts) => {
  const { runtime, saver, configOf } = parts;
  const graph = askingGraph(runtime, saver);
  const askAndAnswer = async (config, until) => {
    const paused = await graph.invoke({ count: 0, until }, config);
    expect(paused.__interrupt__.length, 1);
    const end = await graph.invoke(new runtime.Command({ resume: "yes" }), config);
    expect([end.count, end.answer], [until, "yes"]);
  };
  let config = configOf();
  if (history > 0) await askAndAnswer(config, history);
  return {
    async run() {
      if (history === 0) config = configOf();
      await askAndAnswer(config, 1);
    },
    verify: async () => expect((await graph.getState(config)).values.answer, "yes"),
  };
};

/** A row for the question, a compare-and-set for the answer, and the state read anew in between, as another process would. */
const oneQuestionByHand = (history) => async (store) => {
  const questions = handQuestions(store);
  let thread = newThread();
  for (let count = 1; count <= history; count++) store.append(thread, { count });
  let asked = 0;
  return {
    async run() {
      if (history === 0) thread = newThread();
      const name = `ask ${asked++}`;
      await store.append(thread, { count: 1 });
      await questions.ask(thread, name, "Send it?");
      const { count } = store.newest(thread);
      if (!(await questions.answer(thread, name, "yes"))) throw new Error("Answered twice.");
      await store.append(thread, { count, answer: "yes" });
    },
    verify: () => expect(store.newest(thread), { count: 1, answer: "yes" }),
  };
};

function parallelGraph({ Annotation, StateGraph, Send, START, interrupt }, saver) {
  const State = Annotation.Root({ answers: Annotation({ reducer: (all, more) => all.concat(more), default: () => [] }) });
  const items = Array.from({ length: PARALLEL }, (_, item) => item);
  return new StateGraph(State)
    .addNode("ask", ({ item }) => ({ answers: [interrupt({ item })] }))
    .addConditionalEdges(START, () => items.map((item) => new Send("ask", { item })), ["ask"])
    .compile({ checkpointer: saver });
}

const sum = (list) => list.reduce((total, value) => total + value, 0);
const TOTAL = sum(Array.from({ length: PARALLEL }, (_, item) => item * 2));

function manyQuestions({ runtime, saver, configOf }) {
  const graph = parallelGraph(runtime, saver);
  let config;
  return {
    async run() {
      config = configOf();
      const paused = await graph.invoke({}, config);
      const resume = Object.fromEntries(paused.__interrupt__.map(({ id, value }) => [id, value.item * 2]));
      expect(Object.keys(resume).length, PARALLEL);
      expect(sum((await graph.invoke(new runtime.Command({ resume }), config)).answers), TOTAL);
    },
    verify: async () => expect(sum((await graph.getState(config)).values.answers), TOTAL),
  };
}

/** All questions in one transaction, all answers in one; then each result as it comes. */
function manyQuestionsByHand(store) {
  const questions = handQuestions(store);
  const items = Array.from({ length: PARALLEL }, (_, item) => item);
  let thread;
  return {
    async run() {
      thread = newThread();
      questions.transaction(() => {
        for (const item of items) questions.ask(thread, `ask ${item}`, { item });
      });
      questions.transaction(() => {
        for (const item of items) if (!questions.answer(thread, `ask ${item}`, item * 2)) throw new Error("Answered twice.");
      });
      for (const item of items) await store.append(thread, { answers: [item * 2] });
    },
    verify: () => expect(sum(store.list(thread).flatMap(({ answers }) => answers)), TOTAL),
  };
}

const workload = (kind, name, unit, ofRuntime, byHand) => ({
  group: "interrupts",
  name,
  kind,
  unit,
  unitName: "question",
  target: kind === "memory" ? "interrupts-memory" : "interrupts-sqlite",
  contenders: () => ({ ...runtimeContenders(kind, ofRuntime), byHand: handContender(kind, byHand) }),
});

export const workloads = ["memory", "sqlite-sync"].flatMap((kind) => [
  workload(kind, "interrupt and resume", 1, oneQuestion(0), oneQuestionByHand(0)),
  workload(
    kind,
    `interrupt and resume on a thread of ${LONG.toLocaleString("en")} checkpoints`,
    1,
    oneQuestion(LONG),
    oneQuestionByHand(LONG),
  ),
  workload(kind, `${PARALLEL} parallel interrupts, answered by id`, PARALLEL, manyQuestions, manyQuestionsByHand),
]);

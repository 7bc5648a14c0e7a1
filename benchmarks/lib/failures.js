// Each known failure of the peer as one scenario that either runtime can play: it gives what happened, in a few words.
import { AIMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { z } from "zod";

const thread = () => ({ configurable: { thread_id: `t${Math.random()}` } });
const outcome = async (run) => {
  try {
    return { value: await run() };
  } catch (error) {
    return { error: error.code ?? error.name };
  }
};
const told = ({ error }) => (error === undefined ? "accepted" : `refused (${error})`);

function twoQuestions({ Annotation, StateGraph, START, MemorySaver, interrupt }) {
  const State = Annotation.Root({ answers: Annotation({ reducer: (all, more) => all.concat(more), default: () => [] }) });
  return new StateGraph(State)
    .addNode("one", () => ({ answers: [interrupt("Delete the file?")] }))
    .addNode("two", () => ({ answers: [interrupt("Send the mail?")] }))
    .addEdge(START, "one")
    .addEdge(START, "two")
    .compile({ checkpointer: new MemorySaver() });
}

function twoInARow({ Annotation, StateGraph, START, MemorySaver, interrupt }, effects = []) {
  const State = Annotation.Root({ a: Annotation(), b: Annotation() });
  return new StateGraph(State)
    .addNode("ask", async () => {
      const a = interrupt("Pay 10?");
      const b = interrupt("Pay 10,000?");
      effects.push(b);
      return { a, b };
    })
    .addEdge(START, "ask")
    .compile({ checkpointer: new MemorySaver() });
}

export const failures = [
  {
    title: "One answer, several questions",
    test: "packages/core/test/promises/decisions.test.ts",
    async play(runtime) {
      const graph = twoQuestions(runtime);
      const config = thread();
      await graph.invoke({}, config);
      const end = await outcome(() => graph.invoke(new runtime.Command({ resume: "yes" }), config));
      return end.error === undefined ? `answers ${end.value.answers.length} questions with one "yes"` : told(end);
    },
  },
  {
    title: "A second click on an answered question",
    test: "packages/core/test/promises/decisions.test.ts",
    async play(runtime) {
      const graph = twoInARow(runtime);
      const config = thread();
      const first = await graph.invoke({}, config);
      const click = () => graph.invoke(new runtime.Command({ resume: { [first.__interrupt__[0].id]: "yes" } }), config);
      await click();
      const end = await outcome(click);
      return end.error === undefined ? `answers the next question: ${JSON.stringify({ a: end.value.a, b: end.value.b })}` : told(end);
    },
  },
  {
    title: "Two resumes at the same moment",
    test: "packages/core/test/race/conflicting-decisions.test.ts",
    async play(runtime) {
      const { Annotation, StateGraph, START, MemorySaver, interrupt, Command } = runtime;
      let payments = 0;
      const graph = new StateGraph(Annotation.Root({ paid: Annotation() }))
        .addNode("pay", async () => {
          const paid = interrupt("Pay?");
          await new Promise((resolve) => setTimeout(resolve, 10));
          payments++;
          return { paid };
        })
        .addEdge(START, "pay")
        .compile({ checkpointer: new MemorySaver() });
      const config = thread();
      await graph.invoke({}, config);
      const ends = await Promise.all([0, 1].map(() => outcome(() => graph.invoke(new Command({ resume: true }), config))));
      const refused = ends.find(({ error }) => error !== undefined);
      return `pays ${payments === 1 ? "once" : `${payments} times`}${refused === undefined ? "" : `; the second is ${told(refused)}`}`;
    },
  },
  {
    title: "Parallel tool calls of which one waits",
    test: "packages/prebuilt/test/tools/parallel-calls.test.ts",
    async play(runtime) {
      const { StateGraph, START, MemorySaver, interrupt, Command, MessagesAnnotation, ToolNode } = runtime;
      let sent = 0;
      const send = tool(() => `sent ${++sent}`, { name: "send", description: "Send", schema: z.object({}) });
      const ask = tool(() => String(interrupt("Sure?")), { name: "ask", description: "Ask", schema: z.object({}) });
      const graph = new StateGraph(MessagesAnnotation)
        .addNode("tools", new ToolNode([send, ask]))
        .addEdge(START, "tools")
        .compile({ checkpointer: new MemorySaver() });
      const config = thread();
      const calls = ["send", "ask"].map((name) => ({ name, args: {}, id: `call-${name}`, type: "tool_call" }));
      await graph.invoke({ messages: [new AIMessage({ content: "", tool_calls: calls })] }, config);
      await graph.invoke(new Command({ resume: "yes" }), config);
      return `the finished call runs ${sent === 1 ? "once" : `${sent} times`}`;
    },
  },
  {
    title: "A node that throws on a bad answer",
    test: "packages/core/test/promises/decisions.test.ts",
    async play(runtime) {
      const { Annotation, StateGraph, START, MemorySaver, interrupt, Command } = runtime;
      const graph = new StateGraph(Annotation.Root({ age: Annotation() }))
        .addNode("ask", () => {
          const age = Number(interrupt("Age?"));
          if (Number.isNaN(age)) throw new Error("not a number");
          return { age };
        })
        .addEdge(START, "ask")
        .compile({ checkpointer: new MemorySaver() });
      const config = thread();
      await graph.invoke({}, config);
      await outcome(() => graph.invoke(new Command({ resume: "abc" }), config));
      const end = await outcome(() => graph.invoke(new Command({ resume: "25" }), config));
      return end.value?.age === 25 ? "can be answered again" : "replays the bad answer for ever";
    },
  },
  {
    title: "An answer under an unknown id",
    test: "packages/core/test/promises/decisions.test.ts",
    async play(runtime) {
      const graph = twoInARow(runtime);
      const config = thread();
      await graph.invoke({}, config);
      return told(
        await outcome(() => graph.invoke(new runtime.Command({ resume: { "00000000000000000000000000000000": "yes" } }), config)),
      );
    },
  },
  {
    title: "`resume: null`",
    test: "packages/core/test/resume/answers.test.ts",
    async play(runtime) {
      const graph = twoInARow(runtime);
      const config = thread();
      await graph.invoke({}, config);
      return told(await outcome(() => graph.invoke(new runtime.Command({ resume: null }), config)));
    },
  },
  {
    title: "User data that looks like a serialized class",
    test: "packages/checkpoint/src/serde/create-serializer.test.ts",
    async play(runtime) {
      const { Annotation, StateGraph, START, MemorySaver } = runtime;
      const graph = new StateGraph(Annotation.Root({ data: Annotation() }))
        .addNode("keep", () => ({}))
        .addEdge(START, "keep")
        .compile({ checkpointer: new MemorySaver() });
      const config = thread();
      const data = { lc: 1, type: "constructor", id: ["langchain_core", "messages", "HumanMessage"], kwargs: { content: "hi" } };
      await graph.invoke({ data }, config);
      const { values } = await graph.getState(config);
      return Object.getPrototypeOf(values.data) === Object.prototype
        ? "comes back as it was"
        : `comes back as a ${values.data.constructor.name}`;
    },
  },
  {
    title: "A pause inside `try/catch`",
    test: "packages/core/test/promises/pause-is-not-swallowed.test.ts",
    async play(runtime) {
      const { Annotation, StateGraph, START, MemorySaver, interrupt } = runtime;
      const graph = new StateGraph(Annotation.Root({ paid: Annotation() }))
        .addNode("pay", () => {
          try {
            interrupt("Pay?");
          } catch {
            // Somebody's blanket catch.
          }
          return { paid: true };
        })
        .addEdge(START, "pay")
        .compile({ checkpointer: new MemorySaver() });
      const end = await graph.invoke({}, thread());
      return end.paid === true ? "pays without an answer" : "stays paused";
    },
  },
  {
    title: "A chat of 200 turns, two messages of 1 kB each",
    test: "packages/checkpoint/src/memory/memory-growth.test.ts",
    async play(runtime) {
      const { Annotation, StateGraph, START } = runtime;
      const { saver, bytes, close } = runtime.openMeasured();
      const State = Annotation.Root({ messages: Annotation({ reducer: (all, more) => all.concat(more), default: () => [] }) });
      const text = (index) => `${index} `.padEnd(1000, "x");
      const graph = new StateGraph(State)
        .addNode("reply", (state) => ({ messages: [{ role: "ai", content: text(state.messages.length) }] }))
        .addEdge(START, "reply")
        .compile({ checkpointer: saver });
      const config = thread();
      for (let turn = 0; turn < 200; turn++) await graph.invoke({ messages: [{ role: "user", content: text(turn) }] }, config);
      const megabytes = bytes() / 1e6;
      close();
      return `takes ${megabytes.toFixed(1)} MB`;
    },
  },
];

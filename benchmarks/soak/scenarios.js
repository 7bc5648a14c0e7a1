// What a thread goes through in a soak. Each scenario throws if it did not end as it must.
import { Command, GraphError } from "@holdpoint/core";
import * as graphs from "./graphs.js";

const check = (isRight, what) => {
  if (!isRight) throw new Error(`A thread ${what}.`);
};

const failure = async (run) => {
  try {
    await run();
  } catch (error) {
    return error;
  }
  throw new Error("A run that had to fail did not.");
};

/** Scenarios by name. `signal` is one that all runs share, as a server's shutdown signal is. */
export function makeScenarios(saver, signal) {
  const gate = graphs.gate(saver);
  const nested = graphs.nested(saver);
  const fanOut = graphs.fanOut(saver);
  const slow = graphs.slow(saver);
  const failing = graphs.failing(saver);
  const agent = graphs.agent(saver);
  const on = (thread, more = {}) => ({ configurable: { thread_id: thread }, signal, ...more });
  return {
    async answered(thread) {
      await gate.invoke({}, on(thread));
      const refused = await failure(() => gate.invoke(new Command({ resume: "old" }), on(thread)));
      check(GraphError.is(refused, "INVALID_ANSWER"), `failed with ${refused.message}`);
      const { age } = await gate.invoke(new Command({ resume: { age: 7 } }), on(thread));
      check(age === 7, "lost its answer");
    },
    async abandoned(thread) {
      const { __interrupt__: asked } = await gate.invoke({}, on(thread));
      check(asked?.length === 1, "did not ask");
      return "keep";
    },
    async raced(thread) {
      await gate.invoke({}, on(thread));
      const click = (age) => gate.invoke(new Command({ resume: { age } }), on(thread));
      const ends = await Promise.allSettled([click(1), click(2)]);
      check(ends.filter(({ status }) => status === "fulfilled").length === 1, "took both answers");
    },
    async nested(thread) {
      const { __interrupt__: asked } = await nested.invoke({}, on(thread));
      await nested.invoke(new Command({ resume: { [asked[0].id]: "yes" } }), on(thread));
      const { values } = await nested.getState({ configurable: { thread_id: thread } });
      check(values.answer === "yes" && values.notes.at(-1) === "after", "lost its subgraph");
    },
    async fannedOut(thread) {
      const { __interrupt__: asked } = await fanOut.invoke({}, on(thread, { durability: "async" }));
      const resume = Object.fromEntries(asked.map(({ id, value }) => [id, value.item]));
      const { found } = await fanOut.invoke(new Command({ resume }), on(thread, { durability: "async" }));
      check(found.length === 10, "lost a task");
    },
    async streamed(thread) {
      let chunks = 0;
      for await (const _ of await slow.stream({ count: 0 }, on(thread, { streamMode: ["values", "updates", "custom"] }))) chunks++;
      check(chunks >= 30, "lost chunks");
    },
    async leftEarly(thread) {
      for await (const _ of await slow.stream({ count: 0 }, on(thread, { streamMode: "updates" }))) break;
    },
    async aborted(thread) {
      // Not by AbortSignal.any, which leaves something behind in a signal that lives on.
      const stop = new AbortController();
      const close = () => stop.abort();
      signal.addEventListener("abort", close);
      setTimeout(close, 3);
      await slow
        .invoke({ count: 0 }, on(thread, { signal: stop.signal }))
        .then(undefined, (error) => check(GraphError.is(error, "ABORTED"), `failed with ${error.message}`));
      signal.removeEventListener("abort", close);
    },
    async timed(thread) {
      const { count } = await slow.invoke({ count: 0 }, on(thread, { timeout: 60_000 }));
      check(count === 10, "was cut short");
    },
    async failed(thread) {
      const error = await failure(() => failing.invoke({}, on(thread)));
      check(error.message === "on purpose", `failed with ${error.message}`);
    },
    async agent(thread) {
      let state = await agent.invoke({ messages: [{ role: "user", content: "Count." }] }, on(thread));
      while (state.__interrupt__ !== undefined) state = await agent.invoke(new Command({ resume: [{ type: "accept" }] }), on(thread));
      check(state.messages.length === 8, "lost a message");
    },
  };
}

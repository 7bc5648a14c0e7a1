// Promise 5: nothing that a node catches, retries or returns can undo a pause.
import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expect, it } from "vitest";
import { Command, interrupt, isGraphInterrupt, MemorySaver, type Runtime, START, StateGraph, task } from "../../src/index.js";
import { graphErrorOf, LogState, newThread, questions, sleep } from "../support/run.js";

type Body = (done: (what: string) => void, runtime: Runtime) => unknown;

const sub = new StateGraph(LogState)
  .addNode("ask", () => ({ answer: interrupt("?") }))
  .addEdge(START, "ask")
  .compile();
const gated = task("gated", () => interrupt("?"));
const swallow = async (run: () => unknown) => {
  try {
    return await run();
  } catch {
    return "swallowed";
  }
};

/** Each asks "?" once and then does what needs the answer. */
const nodes: [string, Body][] = [
  [
    "try/catch",
    (done) => {
      try {
        return done(String(interrupt("?")));
      } catch {
        return { log: ["swallowed"] };
      }
    },
  ],
  [
    "try/catch that throws something else",
    (done) => {
      try {
        return done(String(interrupt("?")));
      } catch {
        throw new Error("the tool failed");
      }
    },
  ],
  [
    "finally that returns",
    (done) => {
      try {
        return done(String(interrupt("?")));
      } finally {
        // biome-ignore lint/correctness/noUnsafeFinally: this is what is tested
        if (Math.random() >= 0) return { log: ["swallowed"] };
      }
    },
  ],
  [
    "an async catch, later",
    async (done) => {
      const answer = await (async () => interrupt("?"))().catch(() => undefined);
      await sleep(5);
      if (answer !== undefined) done(String(answer));
      return { log: ["went on"] };
    },
  ],
  [
    "Promise.all",
    async (done) => {
      const [answer] = await Promise.all([(async () => interrupt("?"))(), sleep(1)]);
      done(String(answer));
    },
  ],
  [
    "Promise.allSettled",
    async (done) => {
      const [result] = await Promise.allSettled([(async () => interrupt("?"))()]);
      if (result.status === "fulfilled") done(String(result.value));
      return { log: ["settled"] };
    },
  ],
  [
    "Promise.race and any",
    async (done) => {
      const answer = await Promise.race([
        Promise.any([(async () => interrupt("?"))(), Promise.reject(new Error("no"))]).catch(() => undefined),
        sleep(50),
      ]);
      if (answer !== undefined) done(String(answer));
    },
  ],
  [
    "a second interrupt in the catch",
    (done) => {
      try {
        return done(String(interrupt("?")));
      } catch {
        return done(String(interrupt("instead?")));
      }
    },
  ],
  [
    "a subgraph in a try",
    async (done) => {
      const result = await swallow(() => sub.invoke({}));
      if (result !== "swallowed") done(String((result as { answer: unknown }).answer));
      return { log: ["swallowed"] };
    },
  ],
  [
    "a task in a try",
    async (done) => {
      const result = await swallow(() => gated());
      if (result !== "swallowed") done(String(result));
    },
  ],
  [
    "a subgraph that nobody awaits",
    (done) => {
      void sub.invoke({}).then(
        ({ answer }) => done(String(answer)),
        () => undefined,
      );
      return { log: ["returned early"] };
    },
  ],
  [
    "a lost async context",
    async (done, { interrupt: ask }) => {
      const answer = await swallow(() => new AsyncLocalStorage().exit(() => ask("?")));
      if (answer !== "swallowed") done(String(answer));
    },
  ],
];

describe.each(nodes)("a pause in %s", (_, body) => {
  it.each([
    ["plain", undefined],
    ["with a retry policy", { maxAttempts: 5, initialInterval: 1 }],
  ])("stops the run until it is answered, %s", async (_, retryPolicy) => {
    const effects: string[] = [];
    let attempts = 0;
    const config = newThread();
    const graph = new StateGraph(LogState)
      .addNode(
        "node",
        async (_, runtime) => {
          attempts++;
          return (await body((what) => void effects.push(what), runtime)) as { log: string[] };
        },
        { retryPolicy },
      )
      .addNode("next", () => void effects.push("next"))
      .addEdge(START, "node")
      .addEdge("node", "next")
      .compile({ checkpointer: new MemorySaver() });
    const paused = await graph.invoke({}, config);
    expect(questions(paused.__interrupt__)).toEqual(["?"]);
    expect(attempts).toBe(1);
    expect(effects).toEqual([]);
    expect((await graph.getState(config)).next).toEqual(["node"]);
    const done = await graph.invoke(new Command({ resume: "yes" }), config);
    expect(done.__interrupt__).toBeUndefined();
    expect(effects.sort()).toEqual(["next", "yes"]);
  });
});

describe("what a paused task goes on to do", () => {
  it("gets no further: neither questions, nor tasks, nor subgraphs", async () => {
    const effects: string[] = [];
    const refused: boolean[] = [];
    const effect = task("effect", () => void effects.push("task"));
    const other = new StateGraph(LogState)
      .addNode("n", () => void effects.push("subgraph"))
      .addEdge(START, "n")
      .compile();
    const graph = new StateGraph(LogState)
      .addNode("node", async () => {
        await swallow(() => interrupt("first?"));
        for (const run of [
          () => interrupt("second?"),
          effect,
          () => other.invoke({}),
          () => other.stream({}).then((stream) => stream.next()),
        ]) {
          refused.push(
            await Promise.resolve()
              .then(run)
              .then(() => false, isGraphInterrupt),
          );
        }
        return { log: ["went on"] };
      })
      .addEdge(START, "node")
      .compile({ checkpointer: new MemorySaver() });
    expect(questions((await graph.invoke({}, newThread())).__interrupt__)).toEqual(["first?"]);
    expect(refused).toEqual([true, true, true, true]);
    expect(effects).toEqual([]);
  });

  it("ends before the run does, when it goes on all the same", async () => {
    const order: string[] = [];
    const slow = new StateGraph(LogState)
      .addNode("n", async () => {
        await sleep(20);
        order.push("inner ended");
      })
      .addEdge(START, "n")
      .compile();
    const graph = new StateGraph(LogState)
      .addNode("node", () => {
        void slow.invoke({});
        interrupt("?");
      })
      .addEdge(START, "node")
      .compile({ checkpointer: new MemorySaver() });
    await graph.invoke({}, newThread());
    order.push("run ended");
    expect(order).toEqual(["inner ended", "run ended"]);
  });
});

describe("a signal on its way out", () => {
  it("can be told from an error, and from one of a copy of this package", () => {
    const graph = new StateGraph(LogState)
      .addNode("node", () => {
        try {
          interrupt("?");
        } catch (error) {
          expect(isGraphInterrupt(error)).toBe(true);
          expect(error).toBeInstanceOf(Error);
          throw error;
        }
      })
      .addEdge(START, "node")
      .compile({ checkpointer: new MemorySaver() });
    for (const other of [new Error("x"), null, undefined, "GraphInterrupt", { name: "GraphInterrupt" }])
      expect(isGraphInterrupt(other)).toBe(false);
    return graph.invoke({}, newThread());
  });

  it("does not come from a graph without a checkpointer: that is an error, caught or not", async () => {
    const graph = new StateGraph(LogState)
      .addNode("node", () => void interrupt("?"))
      .addEdge(START, "node")
      .compile();
    expect((await graphErrorOf(graph.invoke({}))).code).toBe("MISSING_CHECKPOINTER");
  });
});

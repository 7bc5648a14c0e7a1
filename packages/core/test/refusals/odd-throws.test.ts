// Code of a graph may throw anything. The run fails with that very value, what was done stays saved, and no rejection goes unseen.

import { oddValues } from "@holdpoint/checkpoint/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  Annotation,
  type CheckpointSaver,
  Command,
  type CompiledGraph,
  interrupt,
  MemorySaver,
  type NodeOptions,
  START,
  StateGraph,
  task,
} from "../../src/index.js";
import { ownSavers } from "../support/each-saver.js";
import { collect, log, newThread, sleep } from "../support/run.js";

const unseen: unknown[] = [];
const note = (reason: unknown) => void unseen.push(reason);
beforeEach(() => void process.on("unhandledRejection", note));
afterEach(async () => {
  await sleep(0);
  process.off("unhandledRejection", note);
  expect(unseen.splice(0)).toHaveLength(0);
});

/** What a promise rejected with, in a box: the value itself may be one that cannot be compared. */
const thrownBy = (promise: Promise<unknown>): Promise<{ thrown: unknown } | "nothing"> =>
  promise.then(
    () => "nothing" as const,
    (thrown) => ({ thrown }),
  );

async function expectThrown(promise: Promise<unknown>, value: unknown) {
  const outcome = await thrownBy(promise);
  if (outcome === "nothing") throw new Error("Nothing was thrown.");
  // By identity alone: a comparison that looks deeper would touch the traps.
  expect(Object.is(outcome.thrown, value)).toBe(true);
}

const odd: Record<string, () => unknown> = Object.fromEntries(
  oddValues().map(([name], index) => [name, () => (oddValues()[index] as readonly [string, unknown])[1]]),
);

/** Throws while the test says so; gives what it is given from then on. */
type Fail = <T>(otherwise: T) => T;

interface Site {
  readonly site: string;
  /** A graph that has done "first" when it fails in "odd", or behind it. */
  readonly build: (fail: Fail) => { compile(options: { checkpointer: CheckpointSaver }): CompiledGraph };
}

const State = Annotation.Root({ log: log(), folded: Annotation<number>({ reducer: (_, update) => foldWith(update), default: () => 0 }) });
let foldWith: (update: number) => number = (update) => update;
const done = { log: ["odd"] };

type Node = (state: typeof State.State) => unknown;

/** "first", then "odd". */
const withOdd = (odd: Node, options: NodeOptions = {}) =>
  new StateGraph(State)
    .addNode("first", () => ({ log: ["first"] }))
    .addNode("odd", odd as never, options)
    .addEdge(START, "first")
    .addEdge("first", "odd");

const sites = [
  { site: "a node", build: (fail) => withOdd(() => fail(done)) },
  {
    site: "an async node",
    build: (fail) =>
      withOdd(async () => {
        await sleep(0);
        return fail(done);
      }),
  },
  {
    site: "a node beside another one",
    build: (fail) =>
      withOdd(() => fail(done))
        .addNode("even", async () => {
          await sleep(2);
          return { log: ["even"] };
        })
        .addEdge("first", "even"),
  },
  {
    site: "a conditional edge",
    build: (fail) =>
      withOdd(() => done)
        .addNode("after", () => ({}))
        .addConditionalEdges("odd", () => fail("after")),
  },
  {
    site: "a reducer",
    build: (fail) => {
      foldWith = fail;
      return withOdd(() => ({ ...done, folded: 1 }));
    },
  },
  {
    site: "retryOn",
    build: (fail) => {
      let attempts = 0;
      const failOnce = () => {
        if (attempts++ === 0) throw new Error("the node's own");
        return done;
      };
      return withOdd(failOnce, { retryPolicy: { retryOn: () => fail(false) } });
    },
  },
  {
    site: "a node that is tried again",
    build: (fail) => withOdd(() => fail(done), { retryPolicy: { maxAttempts: 2, initialInterval: 1, jitter: false } }),
  },
  { site: "a task", build: (fail) => withOdd(() => task("deep", async () => fail(done))()) },
  {
    site: "a subgraph",
    build: (fail) => {
      const inner = new StateGraph(State)
        .addNode("within", () => fail(done))
        .addEdge(START, "within")
        .compile();
      return withOdd(async () => ({ log: (await inner.invoke({})).log }));
    },
  },
  { site: "a node with a time limit", build: (fail) => withOdd(async () => fail(done), { timeout: 1000 }) },
] as readonly Site[];

describe.each(ownSavers)("on $name", ({ open }) => {
  describe.each(sites)("thrown by $site", ({ build }) => {
    it.each(Object.keys(odd))("%s", async (name) => {
      let value: unknown = odd[name]?.();
      let failing = true;
      const fail: Fail = (otherwise) => {
        if (failing) throw value;
        return otherwise;
      };
      const { saver, reopen } = open();
      const builder = build(fail);
      const config = newThread();
      await expectThrown(builder.compile({ checkpointer: saver }).invoke({} as never, config), value);
      value = odd[name]?.();
      const streamed = async () => {
        await collect(builder.compile({ checkpointer: saver }).stream(null, { ...config, streamMode: ["updates", "debug"] }));
      };
      // Where retryOn failed, its node now works.
      if (await thrownBy(streamed()).then((outcome) => outcome !== "nothing")) {
        value = odd[name]?.();
        await expectThrown(builder.compile({ checkpointer: reopen() }).invoke(null, config), value);
        const { next, tasks } = await builder.compile({ checkpointer: reopen() }).getState(config);
        expect(next).toContain("odd");
        const failed = tasks.find((one) => one.name === "odd");
        if (failed?.error !== undefined) expect(failed.error).toEqual({ name: expect.any(String), message: expect.any(String) });
      }
      failing = false;
      const result = await builder.compile({ checkpointer: reopen() }).invoke(null, config);
      expect((result as { log: string[] }).log.filter((entry) => entry !== "even")).toEqual(["first", "odd"]);
    });
  });

  it.each(Object.keys(odd))("%s, thrown after an answer, leaves the answer given and the journal whole", async (name) => {
    const value = odd[name]?.();
    let failing = true;
    const { saver } = open();
    const graph = new StateGraph(State)
      .addNode("ask", () => {
        const answer = interrupt<string>("?");
        if (failing) throw value;
        return { log: [answer] };
      })
      .addEdge(START, "ask")
      .compile({ checkpointer: saver, approvals: {} });
    const config = newThread();
    await graph.invoke({}, config);
    await expectThrown(graph.invoke(new Command({ resume: "yes" }), config), value);
    expect(await graph.getDecisions(config)).toHaveLength(1);
    failing = false;
    expect((await graph.invoke(null, config)).log).toEqual(["yes"]);
  });
});

it.each(Object.keys(odd))("%s, thrown in strict mode, goes on as it is", async (name) => {
  const value = odd[name]?.();
  const graph = new StateGraph(State)
    .addNode("odd", () => {
      throw value;
    })
    .addEdge(START, "odd")
    .compile({ strict: true, checkpointer: new MemorySaver() });
  await expectThrown(graph.invoke({}, newThread()), value);
});

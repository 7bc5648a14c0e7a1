// A run that has lost its thread to another one saves nothing any more: not at the top, not in a graph inside, in no durability mode.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type CompiledGraph, type Durability, MemorySaver, Send, START, StateGraph, task } from "../../src/index.js";
import { graphErrorOf, LogState, newThread } from "../support/run.js";

/** Longer than a lease lasts. */
const LONG = 31_000;

describe("a run whose lease ran out while its process slept", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["Date", "setInterval", "clearInterval"] }));
  afterEach(() => void vi.useRealTimers());

  /** A graph of two steps, of which the first, in a graph inside if so wished, sleeps; `meanwhile` happens then. */
  function sleeper(saver: MemorySaver, inside: boolean, meanwhile: (threadId: string) => Promise<void>) {
    const ran: string[] = [];
    const config = newThread();
    const steps = new StateGraph(LogState)
      .addNode("sleep", async () => {
        // The clock goes on and no timer fires: so it is for a process that is stopped.
        vi.setSystemTime(Date.now() + LONG);
        await meanwhile(config.configurable.thread_id);
        await task("call", async () => void ran.push("call"))();
        return { log: ["slept"] };
      })
      .addNode("after", () => {
        ran.push("after");
        return { log: ["after"] };
      })
      .addEdge(START, "sleep")
      .addEdge("sleep", "after");
    const graph = inside
      ? new StateGraph(LogState).addNode("inner", steps.compile()).addEdge(START, "inner").compile({ checkpointer: saver })
      : steps.compile({ checkpointer: saver });
    return { graph, config, ran };
  }

  const steal = (saver: MemorySaver, givesBack: boolean) => async (threadId: string) => {
    const lease = { id: "thief", host: "elsewhere", pid: 1, expiresAt: Date.now() + LONG };
    expect(await saver.acquireLease(threadId, lease, Date.now())).toEqual({ kind: "acquired" });
    if (givesBack) await saver.releaseLease(threadId, lease.id);
    for (const write of ["put", "putWrites", "recordDecisions", "appendJournal"] as const) {
      vi.spyOn(saver, write).mockRejectedValue(new Error(`${write} came through the fence`));
    }
  };

  describe.each(["sync", "async", "exit"] satisfies Durability[])("in durability %s", (durability) => {
    it.each([
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ])(
      "fails, does and saves nothing, once somebody else has the thread (in a subgraph: %s; or has had it: %s)",
      async (inside, givesBack) => {
        const saver = new MemorySaver();
        const { graph, config, ran } = sleeper(saver, inside, steal(saver, givesBack));
        const error = await graphErrorOf(graph.invoke({}, { ...config, durability }));
        expect([error.code, error.message]).toEqual(["THREAD_BUSY", expect.stringContaining("lost thread")]);
        expect(ran).toEqual([]);
      },
    );

    /** What a node does that sleeps past its lease, in each place where something else of the step could come after it. */
    const AFTER: Record<
      string,
      (sleep: () => Promise<void>, ran: string[]) => { readonly builder: unknown; readonly maxConcurrency?: number }
    > = {
      "a task of the same step that waits for its turn": (sleep, ran) => ({
        maxConcurrency: 2,
        builder: new StateGraph(LogState)
          .addNode("work", async ({ answer }: { answer?: number }) => {
            if (answer === 0) await sleep();
            else ran.push(String(answer));
            // Both are at work when the first one sleeps.
            if (answer === 1) ran.pop();
          })
          .addConditionalEdges(START, () => [0, 1, 2, 3, 4].map((answer) => new Send("work", { answer })), ["work"]),
      }),
      "a further attempt of a task()": (sleep, ran) => {
        let attempts = 0;
        const call = task({ name: "call", retry: { maxAttempts: 3, initialInterval: 1, retryOn: () => true } }, async () => {
          if (attempts++ > 0) return void ran.push("again");
          await sleep();
          throw new Error("no");
        });
        return { builder: new StateGraph(LogState).addNode("calls", async () => void (await call())).addEdge(START, "calls") };
      },
      "a further attempt of the node": (sleep, ran) => {
        let attempts = 0;
        const node = async () => {
          if (attempts++ > 0) return void ran.push("again");
          await sleep();
          throw new Error("no");
        };
        const retryPolicy = { maxAttempts: 3, initialInterval: 1, retryOn: () => true };
        return { builder: new StateGraph(LogState).addNode("fails", node, { retryPolicy }).addEdge(START, "fails") };
      },
      "the node's error handler": (sleep, ran) => {
        const node = async () => {
          await sleep();
          throw new Error("no");
        };
        const errorHandler = () => void ran.push("handled");
        return { builder: new StateGraph(LogState).addNode("fails", node, { errorHandler }).addEdge(START, "fails") };
      },
    };

    it.each(Object.entries(AFTER))("and does not begin %s", async (_, make) => {
      const saver = new MemorySaver();
      const config = newThread();
      const ran: string[] = [];
      const sleep = async () => {
        vi.setSystemTime(Date.now() + LONG);
        await steal(saver, true)(config.configurable.thread_id);
      };
      const { builder, maxConcurrency } = make(sleep, ran);
      const graph = (builder as { compile(options: object): CompiledGraph }).compile({ checkpointer: saver });
      expect((await graphErrorOf(graph.invoke({}, { ...config, durability, maxConcurrency }))).code).toBe("THREAD_BUSY");
      expect(ran).toEqual([]);
    });

    it("goes on where nobody took the thread", async () => {
      const saver = new MemorySaver();
      const { graph, config } = sleeper(saver, true, async () => {});
      expect((await graph.invoke({}, { ...config, durability })).log).toEqual(["slept", "after"]);
    });
  });

  it("is told by the clock that prolongs the lease as well, and the thread is left as the other one left it", async () => {
    const saver = new MemorySaver();
    const { graph, config, ran } = sleeper(saver, false, async (threadId) => {
      await steal(saver, true)(threadId);
      await vi.advanceTimersByTimeAsync(10_000);
    });
    expect((await graphErrorOf(graph.invoke({}, config))).code).toBe("THREAD_BUSY");
    expect(ran).toEqual([]);
    const lease = { id: "next", host: "elsewhere", pid: 1, expiresAt: Date.now() + LONG };
    expect(await saver.acquireLease(config.configurable.thread_id, lease, Date.now())).toEqual({ kind: "acquired" });
  });

  it("is not lost by one try to prolong it that fails", async () => {
    const saver = new MemorySaver();
    const acquire = saver.acquireLease.bind(saver);
    let tries = 0;
    saver.acquireLease = async (...args) => {
      if (++tries === 2) throw new Error("the storage is busy");
      return acquire(...args);
    };
    const graph = new StateGraph(LogState)
      .addNode("work", async () => {
        await vi.advanceTimersByTimeAsync(25_000);
        return { log: ["done"] };
      })
      .addEdge(START, "work")
      .compile({ checkpointer: saver });
    expect((await graph.invoke({}, newThread())).log).toEqual(["done"]);
    expect(tries).toBeGreaterThan(2);
  });
});

// What bounds a run: steps, signals, time; and what retries within it.
import { describe, expect, it } from "vitest";
import { type Durability, GraphError, MemorySaver, Send, START, StateGraph } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { collect, deferred, errorOf, graphErrorOf, LogState, newThread, sleep } from "../support/run.js";

const loop = () =>
  new StateGraph(LogState)
    .addNode("again", ({ log }) => ({ log: [String(log.length)] }))
    .addEdge(START, "again")
    .addEdge("again", "again");

describe("recursionLimit", () => {
  it("is 25, and names what would have run", async () => {
    const error = await graphErrorOf(loop().compile().invoke({}));
    expect(error.code).toBe("GRAPH_RECURSION_LIMIT");
    expect(error.message).toMatch(/25.*again/);
  });

  it("keeps what was done, so that a run goes on from there", async () => {
    const config = newThread();
    const graph = loop().compile({ checkpointer: new MemorySaver() });
    for (const expected of [3, 6, 9]) {
      expect((await graphErrorOf(graph.invoke(expected === 3 ? {} : null, { ...config, recursionLimit: 3 }))).code).toBe(
        "GRAPH_RECURSION_LIMIT",
      );
      expect((await graph.getState(config)).values.log).toHaveLength(expected);
    }
  });

  it("is no error where the run ends exactly with it", async () => {
    const graph = new StateGraph(LogState)
      .addNode("one", () => ({ log: ["1"] }))
      .addNode("two", () => ({ log: ["2"] }))
      .addEdge(START, "one")
      .addEdge("one", "two")
      .compile();
    expect((await graph.invoke({}, { recursionLimit: 2 })).log).toEqual(["1", "2"]);
    expect((await graphErrorOf(graph.invoke({}, { recursionLimit: 1 }))).code).toBe("GRAPH_RECURSION_LIMIT");
  });

  it.each([[Number.NaN], [0], [-1], [1.5], ["many"]])("of %j is refused", async (recursionLimit) => {
    expect(
      (
        await graphErrorOf(
          loop()
            .compile()
            .invoke({}, { recursionLimit: recursionLimit as number }),
        )
      ).code,
    ).toBe("INVALID_CONFIG");
  });
});

describe.each(eachSaver)("a signal, on $name", ({ open }) => {
  it("that comes before the run changes nothing", async () => {
    const config = newThread();
    const graph = loop().compile({ checkpointer: open().saver });
    const error = await graphErrorOf(graph.invoke({}, { ...config, signal: AbortSignal.abort("no time") }));
    expect([error.code, error.cause]).toEqual(["ABORTED", "no time"]);
    expect(await collect(graph.getStateHistory(config))).toEqual([]);
  });

  it.each<[Durability]>([["sync"], ["async"], ["exit"]])(
    "in the middle of a step: what finishes later is still saved, and not run again (%s)",
    async (durability) => {
      const { saver, reopen } = open();
      const config = newThread();
      const ran: string[] = [];
      const [bothBegun, goOn, slowEnded] = [deferred(), deferred(), deferred()];
      const builder = new StateGraph(LogState)
        .addNode("slow", async () => {
          ran.push("slow");
          await goOn.promise;
          slowEnded.resolve();
          return { log: ["slow"] };
        })
        .addNode("heeds", async (_, { signal }) => {
          ran.push("heeds");
          bothBegun.resolve();
          if (ran.filter((name) => name === "heeds").length === 1) {
            await new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
          }
          return { log: ["heeds"] };
        })
        .addEdge(START, "slow")
        .addEdge(START, "heeds");
      const graph = builder.compile({ checkpointer: saver });
      const stop = new AbortController();
      const stopped = errorOf(graph.invoke({}, { ...config, signal: stop.signal, durability }));
      await bothBegun.promise;
      stop.abort(new Error("stop"));
      expect(GraphError.is(await stopped, "ABORTED")).toBe(true);
      // The thread is not free before what was left behind has ended.
      expect((await graphErrorOf(graph.invoke(null, config))).code).toBe("THREAD_BUSY");
      goOn.resolve();
      await slowEnded.promise;
      expect((await graph.invoke(null, { ...config, multitaskStrategy: "enqueue" })).log).toEqual(["heeds", "slow"]);
      expect(ran).toEqual(["slow", "heeds", "heeds"]);
      expect((await builder.compile({ checkpointer: reopen() }).getState(config)).next).toEqual([]);
    },
  );

  it("in any moment around the end of a step's only task: it is done once", async () => {
    for (let moment = 0; moment < 20; moment++) {
      const config = newThread();
      const stop = new AbortController();
      let ran = 0;
      const graph = new StateGraph(LogState)
        .addNode("one", () => {
          ran++;
          void (async () => {
            for (let tick = 0; tick < moment; tick++) await null;
            stop.abort();
          })();
          return { log: ["one"] };
        })
        .addNode("two", async () => {
          await sleep(1);
          return { log: ["two"] };
        })
        .addEdge(START, "one")
        .addEdge("one", "two")
        .compile({ checkpointer: open().saver });
      await graph.invoke({}, { ...config, signal: stop.signal }).catch(() => undefined);
      const { log } = await graph.invoke(null, { ...config, multitaskStrategy: "enqueue" });
      expect([moment, log, ran]).toEqual([moment, ["one", "two"], 1]);
    }
  });
});

describe("a signal", () => {
  it("reaches nodes, and subgraphs that are called without config", async () => {
    const stop = new AbortController();
    const begun = deferred();
    let inner: AbortSignal | undefined;
    const sub = new StateGraph(LogState)
      .addNode("wait", async (_, { signal }) => {
        inner = signal;
        begun.resolve();
        await sleep(20);
      })
      .addEdge(START, "wait")
      .compile();
    const graph = new StateGraph(LogState)
      .addNode("outer", async () => void (await sub.invoke({})))
      .addEdge(START, "outer")
      .compile();
    const stopped = graphErrorOf(graph.invoke({}, { signal: stop.signal }));
    await begun.promise;
    stop.abort();
    expect((await stopped).code).toBe("ABORTED");
    expect(inner?.aborted).toBe(true);
  });

  it("stops a run whose last node gave it itself, at once or later", async () => {
    for (const node of [(stop: AbortController) => stop.abort(), (stop: AbortController) => sleep(1).then(() => stop.abort())]) {
      const stop = new AbortController();
      const graph = new StateGraph(LogState).addNode("last", () => node(stop) as undefined).addEdge(START, "last");
      expect((await graphErrorOf(graph.compile().invoke({}, { signal: stop.signal }))).code).toBe("ABORTED");
    }
  });

  it("stops a run right after the call, before anything has run", async () => {
    const ran: string[] = [];
    const graph = new StateGraph(LogState)
      .addNode("node", () => void ran.push("node"))
      .addEdge(START, "node")
      .compile();
    const stop = new AbortController();
    const stopped = graphErrorOf(graph.invoke({}, { signal: stop.signal }));
    stop.abort();
    expect((await stopped).code).toBe("ABORTED");
    const stream = await graph.stream({}, { signal: stop.signal });
    expect((await graphErrorOf(stream.next())).code).toBe("ABORTED");
    expect(ran).toEqual([]);
  });

  it("is asked for with a signal and a time that are such", async () => {
    const graph = new StateGraph(LogState)
      .addNode("one", () => ({ log: ["one"] }))
      .addEdge(START, "one")
      .compile();
    for (const config of [
      { signal: new AbortController() },
      { signal: {} },
      { timeout: -1 },
      { timeout: Number.NaN },
      { timeout: "soon" },
    ]) {
      expect((await graphErrorOf(graph.invoke({}, config as never))).code).toBe("INVALID_CONFIG");
    }
    expect((await graph.invoke({}, { timeout: Number.POSITIVE_INFINITY })).log).toEqual(["one"]);
  });

  it("comes of itself with a timeout for the whole run", async () => {
    const graph = new StateGraph(LogState)
      .addNode("slow", () => sleep(200))
      .addEdge(START, "slow")
      .compile();
    expect((await graphErrorOf(graph.invoke({}, { timeout: 10 }))).code).toBe("ABORTED");
    await graph.invoke({}, { timeout: 5000 });
  });
});

describe("a node's timeout", () => {
  it("fails the attempt, names the node, and aborts its signal", async () => {
    let reason: unknown;
    const graph = new StateGraph(LogState)
      .addNode(
        "slow",
        async (_, { signal }) => {
          await new Promise((resolve) => signal?.addEventListener("abort", resolve));
          reason = signal?.reason;
        },
        { timeout: 10 },
      )
      .addEdge(START, "slow")
      .compile();
    const error = await graphErrorOf(graph.invoke({}));
    expect([error.code, error.message]).toEqual(["NODE_TIMEOUT", expect.stringContaining('"slow"')]);
    expect(reason).toBe(error);
  });

  it("may be tried again", async () => {
    let attempts = 0;
    const graph = new StateGraph(LogState)
      .addNode(
        "slow",
        async () => {
          if (++attempts < 3) await sleep(100);
          return { log: [String(attempts)] };
        },
        { timeout: 15, retryPolicy: { initialInterval: 1, jitter: false } },
      )
      .addEdge(START, "slow")
      .compile();
    expect((await graph.invoke({})).log).toEqual(["3"]);
  });
});

describe("a retry policy", () => {
  const failing = (failures: number, retryPolicy?: { maxAttempts?: number; retryOn?: (error: unknown) => boolean }) => {
    const attempts: number[] = [];
    const graph = new StateGraph(LogState)
      .addNode(
        "flaky",
        () => {
          attempts.push(attempts.length);
          if (attempts.length <= failures) throw new TypeError(`attempt ${attempts.length}`);
          return { log: ["done"] };
        },
        { retryPolicy: retryPolicy && { initialInterval: 1, jitter: false, ...retryPolicy } },
      )
      .addEdge(START, "flaky")
      .compile();
    return { graph, attempts };
  };
  it("tries again, up to three times in all", async () => {
    const { graph, attempts } = failing(2, {});
    expect((await graph.invoke({})).log).toEqual(["done"]);
    expect(attempts).toHaveLength(3);
    expect((await errorOf(failing(3, {}).graph.invoke({}))).message).toBe("attempt 3");
  });
  it("is not there by default, nor for errors that it does not name", async () => {
    for (const policy of [undefined, { retryOn: (error: unknown) => error instanceof RangeError }]) {
      const { graph, attempts } = failing(1, policy);
      expect((await errorOf(graph.invoke({}))).message).toBe("attempt 1");
      expect(attempts).toHaveLength(1);
    }
  });
  it("stops waiting when the run is stopped", async () => {
    const stop = new AbortController();
    const graph = new StateGraph(LogState)
      .addNode(
        "flaky",
        () => {
          setTimeout(() => stop.abort(), 5);
          throw new Error("boom");
        },
        { retryPolicy: { initialInterval: 60_000 } },
      )
      .addEdge(START, "flaky")
      .compile();
    expect((await graphErrorOf(graph.invoke({}, { signal: stop.signal }))).code).toBe("ABORTED");
  });
});

describe("a failing node", () => {
  it("fails the run with its own error, after those beside it have finished and are saved", async () => {
    const config = newThread();
    const ran: string[] = [];
    const boom = new Error("boom");
    let fails = true;
    const graph = new StateGraph(LogState)
      .addNode("bad", () => {
        ran.push("bad");
        if (fails) throw boom;
        return { log: ["bad"] };
      })
      .addNode("good", async () => {
        await sleep(10);
        ran.push("good");
        return { log: ["good"] };
      })
      .addConditionalEdges(START, () => ["bad", new Send("good", {})])
      .compile({ checkpointer: new MemorySaver() });
    expect(await errorOf(graph.invoke({}, config))).toBe(boom);
    const state = await graph.getState(config);
    expect(state.next).toEqual(["bad"]);
    expect(state.tasks.map(({ name, error, result }) => [name, error, result])).toEqual([
      ["good", undefined, { log: ["good"] }],
      ["bad", { name: "Error", message: "boom" }, undefined],
    ]);
    fails = false;
    expect((await graph.invoke(null, config)).log).toEqual(["bad", "good"]);
    expect(ran).toEqual(["bad", "good", "bad"]);
  });

  it.each([["text"], [undefined], [null], [{ code: 7 }]])("may throw %j", async (thrown) => {
    const config = newThread();
    const graph = new StateGraph(LogState)
      .addNode("bad", () => Promise.reject(thrown))
      .addEdge(START, "bad")
      .compile({ checkpointer: new MemorySaver() });
    expect(
      await graph.invoke({}, config).then(
        () => "resolved",
        (error: unknown) => [error],
      ),
    ).toEqual([thrown]);
    expect((await graph.getState(config)).next).toEqual(["bad"]);
  });
});

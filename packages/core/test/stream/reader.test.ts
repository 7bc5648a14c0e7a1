// The reader of a stream: one that leaves, one that is slow, one that asks ahead.
import { describe, expect, it } from "vitest";
import { MemorySaver, START, StateGraph } from "../../src/index.js";
import { collect, errorOf, graphErrorOf, LogState, newThread, sleep } from "../support/run.js";

const endless = (onStep: (step: number) => void, log = false) => {
  let step = 0;
  return new StateGraph(LogState)
    .addNode("again", () => {
      onStep(++step);
      return log ? { log: [String(step)] } : undefined;
    })
    .addEdge(START, "again")
    .addEdge("again", "again");
};

describe("a reader that leaves", () => {
  it("stops the run, and finds it saved when the loop is left", async () => {
    const config = newThread();
    let last = 0;
    const graph = endless((step) => {
      last = step;
    }, true).compile({ checkpointer: new MemorySaver() });
    for await (const _ of await graph.stream({}, { ...config, recursionLimit: 1_000_000 })) if (last >= 5) break;
    const stoppedAt = last;
    await sleep(10);
    expect(last).toBe(stoppedAt);
    const { log } = await graph.invoke(null, {
      ...config,
      recursionLimit: 1_000_000,
      interruptAfter: ["again"],
      multitaskStrategy: "enqueue",
    });
    // Each step was done once: none was lost, none was repeated.
    expect(log).toEqual(Array.from({ length: last }, (_, index) => String(index + 1)));
    expect(last - stoppedAt).toBeLessThanOrEqual(1);
  });

  it("is told to the nodes under way as an abort", async () => {
    const reasons: unknown[] = [];
    const graph = new StateGraph(LogState)
      .addNode("first", () => ({ log: ["first"] }))
      .addNode(
        "waits",
        (_, { signal }) =>
          new Promise<undefined>((resolve) => {
            signal?.addEventListener("abort", () => {
              reasons.push(signal.reason);
              resolve(undefined);
            });
          }),
      )
      .addEdge(START, "first")
      .addEdge("first", "waits")
      .compile();
    for (let round = 0; round < 2; round++) for await (const _ of await graph.stream({})) break;
    expect(reasons.map((reason) => (reason as Error).name)).toEqual(["AbortError", "AbortError"]);
  });

  it("by an error gets its own error", async () => {
    const graph = endless(() => undefined).compile();
    const reading = (async () => {
      for await (const _ of await graph.stream({}, { recursionLimit: 1_000_000 })) throw new Error("reader");
    })();
    expect((await errorOf(reading)).message).toBe("reader");
  });

  it("may leave twice, or when all is over", async () => {
    const stream = await endless(() => undefined)
      .compile()
      .stream({}, { recursionLimit: 1_000_000 });
    expect(await stream.return?.()).toEqual({ done: true, value: undefined });
    expect(await stream.return?.()).toEqual({ done: true, value: undefined });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });
});

describe("a slow reader", () => {
  it("is waited for: the run is only so far ahead", async () => {
    let done = 0;
    const graph = endless((step) => {
      done = step;
    }).compile();
    const stream = await graph.stream({}, { recursionLimit: 1_000_000, streamMode: ["updates", "tasks"] });
    await stream.next();
    await sleep(30);
    const ahead = done;
    expect(ahead).toBeLessThan(500);
    await sleep(30);
    expect(done).toBe(ahead);
    for (let chunk = 0; chunk < 2000; chunk++) await stream.next();
    expect(done).toBeGreaterThan(ahead);
    await stream.return?.();
  });

  it("gets every chunk, in order", async () => {
    const graph = endless(() => undefined, true).compile();
    const seen: unknown[] = [];
    const error = await graphErrorOf(
      (async () => {
        for await (const chunk of await graph.stream({}, { recursionLimit: 600 })) {
          if (seen.push((chunk.again as { log: string[] }).log[0]) % 100 === 0) await sleep(1);
        }
      })(),
    );
    expect(error.code).toBe("GRAPH_RECURSION_LIMIT");
    expect(seen).toEqual(Array.from({ length: 600 }, (_, index) => String(index + 1)));
  });
});

describe("a reader that asks ahead", () => {
  it("is answered in order, and told of the end each time", async () => {
    const graph = new StateGraph(LogState)
      .addNode("a", () => sleep(5))
      .addNode("b", () => sleep(5))
      .addEdge(START, "a")
      .addEdge("a", "b")
      .compile();
    const stream = await graph.stream({});
    const results = await Promise.all([stream.next(), stream.next(), stream.next(), stream.next()]);
    expect(results).toEqual([
      { done: false, value: { a: {} } },
      { done: false, value: { b: {} } },
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
  });
});

describe("two streams", () => {
  it("of one graph do not mix", async () => {
    const graph = new StateGraph(LogState)
      .addNode("n", async ({ answer }) => {
        await sleep(Number(answer));
        return { log: [String(answer)] };
      })
      .addEdge(START, "n")
      .compile();
    const [one, two] = await Promise.all([7, 2].map((answer) => collect(graph.stream({ answer }))));
    expect([one, two]).toEqual([[{ n: { log: ["7"] } }], [{ n: { log: ["2"] } }]]);
  });
});

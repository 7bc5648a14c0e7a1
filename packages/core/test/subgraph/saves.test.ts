// Between the last save of a graph and the first of a graph inside of it nothing happens, so that they share a transaction. What runs then must
// find all of them there: "sync" promises it, and those runs name it.
import { MemorySaver } from "@holdpoint/checkpoint";
import { SqliteSaver } from "@holdpoint/checkpoint-sqlite";
import { describe, expect, it, vi } from "vitest";
import { START, StateGraph } from "../../src/index.js";
import { LogState, newThread } from "../support/run.js";

/** A thread whose run waits for its saves before any code. */
const inSync = () => ({ ...newThread(), durability: "sync" as const });

/** Two graphs one in the other; the innermost node looks at what is saved by then, before it does anything. */
function nestedGraphs(
  saver: MemorySaver | SqliteSaver,
  look: () => Promise<void> | void,
  first: () => { log: unknown[] } = () => ({ log: ["first"] }),
) {
  const ran: string[] = [];
  const inner = new StateGraph(LogState)
    .addNode("work", async () => {
      await look();
      ran.push("work");
      return { log: ["work"] };
    })
    .addEdge(START, "work");
  const middle = new StateGraph(LogState).addNode("inner", inner.compile()).addEdge(START, "inner");
  const graph = new StateGraph(LogState)
    .addNode("first", first as () => { log: string[] })
    .addNode("middle", middle.compile())
    .addEdge(START, "first")
    .addEdge("first", "middle")
    .compile({ checkpointer: saver });
  return { graph, ran };
}

/** Saves after a while, and fails at one of the checkpoints. */
function failingSaver(bad: number): MemorySaver {
  const saver = new MemorySaver();
  let puts = 0;
  vi.spyOn(saver, "put").mockImplementation(async (...given) => {
    const number = puts++;
    await new Promise((resolve) => setTimeout(resolve, 2));
    if (number === bad) throw new Error("The disk is full.");
    return MemorySaver.prototype.put.apply(saver, given);
  });
  return saver;
}

describe("saves of graphs in graphs", () => {
  it("are all committed when the first code inside runs", async () => {
    const saver = SqliteSaver.fromConnString(":memory:");
    const put = vi.spyOn(saver, "put");
    const acknowledged: unknown[] = [];
    put.mockImplementation(async (...given) => {
      const config = await SqliteSaver.prototype.put.apply(saver, given);
      acknowledged.push(config);
      return config;
    });
    let [called, done] = [0, 0];
    const { graph, ran } = nestedGraphs(saver, () => {
      [called, done] = [put.mock.calls.length, acknowledged.length];
    });
    await graph.invoke({ log: [] }, inSync());
    // Of the root its input, its first state and that of "first"; of the two inside their inputs and first states.
    expect([called, done, ran]).toEqual([7, 7, ["work"]]);
    saver.close();
  });

  it.each([
    ["memory", () => new MemorySaver()],
    ["SQLite", () => SqliteSaver.fromConnString(":memory:")],
  ])("keep code inside from running, where the state before it cannot be saved (%s)", async (_, open) => {
    const { graph, ran } = nestedGraphs(
      open(),
      () => undefined,
      () => ({ log: [() => "no data"] }),
    );
    const config = inSync();
    await expect(graph.invoke({ log: [] }, config)).rejects.toMatchObject({ code: "UNSERIALIZABLE" });
    expect(ran).toEqual([]);
    // The node that gave it runs again, and nothing after it has.
    expect((await graph.getState(config)).next).toEqual(["first"]);
  });

  it.each([0, 1, 2, 3, 4, 5, 6])("keep code inside from running, where save %d fails after a while", async (bad) => {
    const saver = failingSaver(bad);
    expect(saver.ordered).toBe(true);
    const { graph, ran } = nestedGraphs(saver, () => undefined);
    await expect(graph.invoke({ log: [] }, inSync())).rejects.toThrow("The disk is full.");
    expect(ran).toEqual([]);
  });

  it("are read again where a task of a graph is tried again", async () => {
    const saver = new MemorySaver();
    const ran: string[] = [];
    let fails = true;
    const inner = new StateGraph(LogState)
      .addNode("pay", () => {
        ran.push("pay");
        return { log: ["pay"] };
      })
      .addNode("mail", () => {
        ran.push("mail");
        if (fails) {
          fails = false;
          throw new Error("No connection.");
        }
        return { log: ["mail"] };
      })
      .addEdge(START, "pay")
      .addEdge("pay", "mail");
    const graph = new StateGraph(LogState)
      .addNode("inner", inner.compile(), { retryPolicy: { maxAttempts: 2, initialInterval: 1 } })
      .addEdge(START, "inner")
      .compile({ checkpointer: saver });
    const { log } = await graph.invoke({ log: [] }, newThread());
    expect(log).toEqual(["pay", "mail"]);
    expect(ran).toEqual(["pay", "mail", "mail"]);
  });

  it.each([0, 1, 2, 3])(
    "keep a function that chooses the first node inside from running, where save %d fails after a while",
    async (bad) => {
      const saver = failingSaver(bad);
      const chosen: string[] = [];
      const inner = new StateGraph(LogState)
        .addNode("work", () => ({ log: ["work"] }))
        .addConditionalEdges(START, () => {
          chosen.push("work");
          return "work";
        });
      const graph = new StateGraph(LogState)
        .addNode("first", () => ({ log: ["first"] }))
        .addNode("inner", inner.compile())
        .addEdge(START, "first")
        .addEdge("first", "inner")
        .compile({ checkpointer: saver });
      await expect(graph.invoke({ log: [] }, inSync())).rejects.toThrow("The disk is full.");
      expect(chosen).toEqual([]);
    },
  );
});

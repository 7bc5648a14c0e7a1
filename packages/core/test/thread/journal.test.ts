// With a decision gate, a thread's journal tells what was asked, decided, refused and run.
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { Annotation, Command, type Durability, interrupt, START, StateGraph } from "../../src/index.js";
import { ownSavers } from "../support/each-saver.js";
import { deferred, graphErrorOf, LogState, newThread, questions, sleep } from "../support/run.js";

describe.each(ownSavers)("the journal on $name", ({ open }) => {
  const graphOn = (saver: ReturnType<typeof open>["saver"], options = {}) =>
    new StateGraph(LogState)
      .addNode("pay", () => ({ log: [`paid ${interrupt("How much?", { schema: z.coerce.number().positive() })}`] }))
      .addEdge(START, "pay")
      .compile({ checkpointer: saver, name: "desk", approvals: {}, ...options });

  it("holds the question, each answer with who gave it, and what ran on it", async () => {
    const { saver } = open();
    const graph = graphOn(saver);
    const config = newThread();
    await graph.invoke({}, config);
    await graphErrorOf(graph.invoke(new Command({ resume: "none", by: { id: "ada" } }), config));
    await graph.invoke(new Command({ resume: "12", by: { id: "grace" }, reason: "agreed by phone" }), config);
    expect(await graph.getDecisions(config)).toEqual([
      expect.objectContaining({
        graph: "desk",
        node: "pay",
        value: "How much?",
        askedAt: expect.any(String),
        refusals: [{ at: expect.any(String), issues: [expect.objectContaining({ path: [] })] }],
        decision: expect.objectContaining({ value: "12", by: { id: "grace" }, reason: "agreed by phone" }),
        runs: [expect.objectContaining({ node: "pay", result: { log: ["paid 12"] } })],
      }),
    ]);
  });

  it("tells of what ran no more than the graph gives out", async () => {
    const { saver } = open();
    const State = Annotation.Root({ receipt: Annotation<string>(), card: Annotation<string>() });
    const graph = new StateGraph(State, { output: Annotation.Root({ receipt: Annotation<string>() }) })
      .addNode("pay", () => ({ receipt: `paid ${interrupt("How much?")}`, card: "4242" }))
      .addEdge(START, "pay")
      .compile({ checkpointer: saver, approvals: {} });
    const config = newThread();
    await graph.invoke({}, config);
    await graph.invoke(new Command({ resume: "12" }), config);
    const [decision] = await graph.getDecisions(config);
    expect(decision?.runs).toEqual([expect.objectContaining({ result: { receipt: "paid 12" } })]);
  });

  it("is not kept without a gate, nor where the gate does without", async () => {
    const { saver } = open();
    for (const approvals of [undefined, { journal: false }]) {
      const graph = graphOn(saver, { approvals });
      const config = newThread();
      await graph.invoke({}, config);
      await graph.invoke(new Command({ resume: 1 }), config);
      expect(await graph.getDecisions(config)).toEqual([]);
    }
  });

  it("tells of an answer that an authorize hook refused nothing, and neither does the thread", async () => {
    const { saver } = open();
    const graph = graphOn(saver, { authorize: ({ by }: { by: unknown }) => by === "boss" });
    const config = newThread();
    await graph.invoke({}, config);
    expect((await graphErrorOf(graph.invoke(new Command({ resume: 1, by: "intern" }), config))).code).toBe("NOT_AUTHORIZED");
    expect((await graph.getState(config)).interrupts).toHaveLength(1);
    expect((await graph.getDecisions(config))[0]).not.toHaveProperty("decision");
    expect((await graph.invoke(new Command({ resume: 1, by: "boss" }), config)).log).toEqual(["paid 1"]);
  });

  it.each(["sync", "async", "exit"] satisfies Durability[])("tells of no question that could not be saved (%s)", async (durability) => {
    const { saver } = open();
    const graph = graphOn(saver);
    const config = { ...newThread(), durability };
    const putWrites = vi.spyOn(saver, "putWrites").mockImplementation(async () => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      throw new Error("The disk is full.");
    });
    await expect(graph.invoke({}, config)).rejects.toThrow("The disk is full.");
    putWrites.mockRestore();
    expect(await graph.getDecisions(config)).toEqual([]);
    await graph.invoke(null, config);
    expect(await graph.getDecisions(config)).toEqual([expect.objectContaining({ value: "How much?" })]);
  });

  it.each(["sync", "async", "exit"] satisfies Durability[])(
    "tells of a question when it and its step are saved (%s)",
    async (durability) => {
      const { saver } = open();
      const waiting = deferred();
      const graph = new StateGraph(LogState)
        .addNode("plan", () => ({ log: ["planned"] }))
        .addNode("one", () => void interrupt("one?"))
        .addNode("two", () => void interrupt("two?"))
        .addNode("slow", () => waiting.promise)
        .addEdge(START, "plan")
        .addEdge("plan", "one")
        .addEdge("plan", "two")
        .addEdge("plan", "slow")
        .compile({ checkpointer: saver, approvals: {} });
      const config = { ...newThread(), durability };
      // Each save waits for the one before it, since they do not take effect in the order of the calls here.
      Object.defineProperty(saver, "ordered", { value: false });
      const put = saver.put.bind(saver);
      let delayed = 0;
      vi.spyOn(saver, "put").mockImplementation(async (...given) => {
        // The step's own checkpoint takes its time.
        if (given[2].step === 1) {
          delayed++;
          await sleep(20);
        }
        return put(...given);
      });
      const asked: unknown[] = [];
      const appendJournal = saver.appendJournal?.bind(saver);
      saver.appendJournal = async (threadId, entries) => {
        // What a process would find that starts where this one dies.
        const { interrupts, values } = await graph.getState(config);
        for (const { data } of entries) asked.push([(data as { value: unknown }).value, questions(interrupts).length > 0, values.log]);
        if (asked.length === 2) waiting.resolve();
        return appendJournal!(threadId, entries);
      };
      await graph.invoke({}, config);
      expect(delayed).toBe(1);
      expect(asked).toEqual([
        ["one?", true, ["planned"]],
        ["two?", true, ["planned"]],
      ]);
    },
  );
});

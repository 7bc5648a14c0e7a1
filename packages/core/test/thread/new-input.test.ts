// What an input does to a thread that has a past, or a run that is not over.
import { describe, expect, it } from "vitest";
import { Command, interrupt, Overwrite, START, StateGraph } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { collect, errorOf, graphErrorOf, LogState, newThread, questions, savesEachStep } from "../support/run.js";

describe.each(eachSaver)("a thread, on $name", ({ open }) => {
  it("keeps its state from input to input, and from process to process", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const builder = new StateGraph(LogState).addNode("n", ({ log }) => ({ log: [`n${log.length}`] })).addEdge(START, "n");
    await builder.compile({ checkpointer: saver }).invoke({ log: ["one"] }, config);
    expect(await builder.compile({ checkpointer: reopen() }).invoke({ log: ["two"] }, config)).toEqual({ log: ["one", "n1", "two", "n3"] });
  });

  it("takes an Overwrite in an input past the reducer, also where the input is applied later", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const builder = new StateGraph(LogState).addNode("n", ({ log }) => ({ log: [`n${log.length}`] })).addEdge(START, "n");
    const graph = builder.compile({ checkpointer: saver });
    await graph.invoke({ log: ["one"] }, config);
    expect(await graph.invoke({ log: new Overwrite(["fresh"]) }, config)).toEqual({ log: ["fresh", "n1"] });
    await graph.bulkUpdateState(config, [{ updates: [{ values: { log: new Overwrite(["later"]) }, asNode: "__input__" }] }]);
    expect(await builder.compile({ checkpointer: reopen() }).invoke(null, config)).toEqual({ log: ["later", "n1"] });
  });

  it("that waits takes a new input: what waited is over, what had finished is kept", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const ran: string[] = [];
    const builder = new StateGraph(LogState)
      .addNode("ask", ({ answer }) => {
        ran.push("ask");
        return { log: [`${answer}: ${interrupt(`about ${answer}?`)}`] };
      })
      .addNode("beside", ({ answer }) => {
        ran.push("beside");
        return { log: [`beside ${answer}`] };
      })
      .addEdge(START, "ask")
      .addEdge(START, "beside");
    const graph = builder.compile({ checkpointer: saver });
    const { __interrupt__: [old] = [] } = await graph.invoke({ answer: "one" }, config);
    const again = await builder.compile({ checkpointer: reopen() }).invoke({ answer: "two" }, config);
    expect(questions(again.__interrupt__)).toEqual(["about two?"]);
    expect(again.log).toEqual(["beside one", "beside two"]);
    expect(again.__interrupt__?.[0]?.id).not.toBe(old?.id);

    const late = await graphErrorOf(graph.invoke(new Command({ resume: { [old!.id]: "late" } }), config));
    expect([late.code, late.details.pending]).toEqual(["UNKNOWN_INTERRUPT", again.__interrupt__]);
    expect((await graph.invoke(new Command({ resume: "yes" }), config)).log).toEqual(["beside one", "two: yes", "beside two"]);
    expect(ran).toEqual(["ask", "beside", "ask", "beside", "ask"]);
  });

  it("whose node failed takes a new input, too", async () => {
    const config = newThread();
    const graph = new StateGraph(LogState)
      .addNode("picky", ({ answer }) => {
        if (answer === "bad") throw new Error("bad answer");
        return { log: [String(answer)] };
      })
      .addEdge(START, "picky")
      .compile({ checkpointer: open().saver });
    await errorOf(graph.invoke({ answer: "bad" }, config));
    expect(await graph.invoke({ answer: "good" }, config)).toEqual({ log: ["good"], answer: "good" });
  });

  it("that is over has nothing to go on with: null gives its state, and runs nothing", async () => {
    const config = newThread();
    let ran = 0;
    const graph = new StateGraph(LogState)
      .addNode("n", () => ({ log: [String(++ran)] }))
      .addEdge(START, "n")
      .compile({ checkpointer: open().saver });
    await graph.invoke({}, { ...config, ...savesEachStep });
    expect(await graph.invoke(null, config)).toEqual({ log: ["1"] });
    expect(ran).toBe(1);
    expect((await collect(graph.getStateHistory(config))).map(({ metadata }) => metadata?.step)).toEqual([1, 0, -1]);
  });

  it("that was never begun has nothing to go on with either", async () => {
    const graph = new StateGraph(LogState)
      .addNode("n", () => undefined)
      .addEdge(START, "n")
      .compile({ checkpointer: open().saver });
    expect((await graphErrorOf(graph.invoke(null, newThread()))).code).toBe("EMPTY_INPUT");
    expect((await graphErrorOf(graph.invoke(new Command({ resume: 1 }), newThread()))).code).toBe("NOTHING_TO_RESUME");
  });

  it("may be named by a number", async () => {
    const config = { configurable: { thread_id: 7 as unknown as string } };
    const sub = new StateGraph(LogState)
      .addNode("ask", () => ({ answer: interrupt("?") }))
      .addEdge(START, "ask")
      .compile();
    const graph = new StateGraph(LogState).addNode("sub", sub).addEdge(START, "sub").compile({ checkpointer: open().saver });
    await graph.invoke({}, config);
    expect(questions((await graph.getState({ configurable: { thread_id: "7" } })).interrupts)).toEqual(["?"]);
    expect((await graph.invoke(new Command({ resume: 1 }), config)).answer).toBe(1);
  });
});

// An update in the middle of a step: what the step has done stays done, what waits is asked anew.
import { describe, expect, it } from "vitest";
import { type CheckpointSaver, Command, type Interrupt, interrupt, START, StateGraph, task } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { graphErrorOf, LogState, newThread, questions } from "../support/run.js";

/** `done` finishes while `ask` waits; both come first, or follow a node. */
function parallel(ran: string[], saver: CheckpointSaver, first = false) {
  const graph = new StateGraph(LogState)
    .addNode("done", () => {
      ran.push("done");
      return { log: ["done"] };
    })
    .addNode("ask", ({ answer }) => ({ log: [`${interrupt(`about ${answer}?`)}`] }))
    .addNode("after", ({ log }) => ({ log: [`after ${log.length}`] }))
    .addNode("before", () => undefined)
    .addEdge(["done", "ask"], "after");
  const from = first ? START : "before";
  if (!first) graph.addEdge(START, "before");
  else graph.addConditionalEdges("after", () => "__end__", ["before", "__end__"]);
  return graph.addEdge(from, "done").addEdge(from, "ask").compile({ checkpointer: saver });
}

const idOf = (asked: readonly Interrupt[] | undefined): string => asked?.[0]?.id ?? "none";

describe.each(eachSaver)("an update in the middle of a step, on $name", ({ open }) => {
  it.each([
    ["values, the step is the first", true, { answer: "dogs" }, "about dogs?"],
    ["values, the step follows a node", false, { answer: "dogs" }, "about dogs?"],
    ["null, the step is the first", true, null, "about cats?"],
    ["null, the step follows a node", false, null, "about cats?"],
  ])("keeps what has finished: %s", async (_, first, values, question) => {
    const { saver, reopen } = open();
    const ran: string[] = [];
    const config = newThread();
    const { __interrupt__: old } = await parallel(ran, saver, first).invoke({ answer: "cats" }, config);
    for (let times = 0; times < 2; times++) {
      await parallel(ran, saver, first).updateState(config, values);
      expect(await parallel(ran, saver, first).getState(config)).toMatchObject({ next: ["ask"], interrupts: [] });
    }
    // As another process finds it.
    const graph = parallel(ran, reopen(), first);
    expect((await graphErrorOf(graph.invoke(new Command({ resume: { [idOf(old)]: "yes" } }), config))).code).toBe("UNKNOWN_INTERRUPT");
    const { __interrupt__: asked } = await graph.invoke(null, config);
    expect(questions(asked)).toEqual([question]);
    expect((await graph.invoke(new Command({ resume: "yes" }), config)).log).toEqual(["yes", "done", "after 2"]);
    expect(ran).toEqual(["done"]);
  });

  it("keeps calls that have a key, and makes others anew with the state as it is now", async () => {
    const { saver, reopen } = open();
    const ran: string[] = [];
    const note = (name: string) => async (what: string) => {
      ran.push(`${name} ${what}`);
      return `${name} ${what}`;
    };
    const pay = task({ name: "pay", key: (order: string) => order }, note("pay"));
    const draft = task("draft", note("draft"));
    const graphOn = (checkpointer: CheckpointSaver) =>
      new StateGraph(LogState)
        .addNode("ask", async ({ answer }) => {
          const made = [await pay("order 7"), await draft(String(answer))];
          return { log: [...made, `${interrupt(made)}`] };
        })
        .addEdge(START, "ask")
        .compile({ checkpointer });
    const config = newThread();
    await graphOn(saver).invoke({ answer: "cats" }, config);
    await graphOn(saver).updateState(config, { answer: "dogs" });
    await graphOn(saver).updateState(config, null);
    const graph = graphOn(reopen());
    await graph.invoke(null, config);
    expect((await graph.invoke(new Command({ resume: "yes" }), config)).log).toEqual(["pay order 7", "draft dogs", "yes"]);
    expect(ran).toEqual(["pay order 7", "draft cats", "draft dogs"]);
  });

  it("keeps it through a command that changes the state as well", async () => {
    const { saver, reopen } = open();
    const ran: string[] = [];
    const config = newThread();
    await parallel(ran, saver).invoke({ answer: "cats" }, config);
    await parallel(ran, saver).updateState(config, { answer: "dogs" });
    await parallel(ran, saver).invoke(new Command({ update: { answer: "birds" } }), config);
    const graph = parallel(ran, reopen());
    expect(await graph.getState(config)).toMatchObject({ next: ["ask"], interrupts: [{ value: "about birds?" }] });
    expect((await graph.invoke(new Command({ resume: "yes" }), config)).log).toEqual(["yes", "done", "after 2"]);
    expect(ran).toEqual(["done"]);
  });

  it.each([
    ["an update for the task that waits", { values: { log: ["for ask"] }, asNode: "ask" }, ["done", "for ask"], ["after"]],
    ["another one without a node", { values: { answer: "birds" } }, ["done"], ["ask"]],
    ["an input", { values: { answer: "birds" }, asNode: "__input__" }, ["done"], ["__start__"]],
  ])("keeps it through more steps of bulkUpdateState: %s", async (_, update, log, next) => {
    const { saver, reopen } = open();
    const ran: string[] = [];
    const config = newThread();
    await parallel(ran, saver).invoke({ answer: "cats" }, config);
    await parallel(ran, saver).bulkUpdateState(config, [{ updates: [{ values: { answer: "dogs" } }] }, { updates: [update] }]);
    const state = await parallel(ran, reopen()).getState(config);
    expect([state.values.log, state.next, ran]).toEqual([log, next, ["done"]]);
  });

  it("runs all of the step anew where the thread goes back to that checkpoint", async () => {
    const { saver } = open();
    const ran: string[] = [];
    const graph = parallel(ran, saver, true);
    const config = newThread();
    await graph.invoke({ answer: "cats" }, config);
    const updated = await graph.updateState(config, { answer: "dogs" });
    await graph.invoke(null, config);
    await graph.invoke(new Command({ resume: "yes" }), config);
    expect(questions((await graph.invoke(null, updated)).__interrupt__)).toEqual(["about dogs?"]);
    expect(ran).toEqual(["done", "done"]);
    expect((await saver.getTuple(config))?.checkpoint.channel_values).not.toHaveProperty("__control__.kept");
  });

  it("chooses anew what follows a node that ran before, where it is named", async () => {
    const config = newThread();
    const graph = new StateGraph(LogState)
      .addNode("before", () => undefined)
      .addNode("done", () => ({ log: ["done"] }))
      .addNode("ask", () => ({ log: [`${interrupt("?")}`] }))
      .addNode("next", () => undefined)
      .addEdge(START, "before")
      .addEdge("before", "done")
      .addEdge("before", "ask")
      .addEdge("done", "next")
      .compile({ checkpointer: open().saver });
    await graph.invoke({}, config);
    await graph.updateState(config, { answer: "dogs" }, "before");
    expect((await graph.getState(config)).next).toEqual(["done", "ask"]);
  });

  it("says nothing of a later step of the same nodes", async () => {
    const config = newThread();
    const ran: string[] = [];
    const graph = new StateGraph(LogState)
      .addNode("ask", () => void interrupt("?"))
      .addNode("done", () => void ran.push("done"))
      .addEdge(START, "ask")
      .addEdge(START, "done")
      .addEdge("ask", "ask")
      .addEdge("done", "done")
      .compile({ checkpointer: open().saver });
    await graph.invoke({}, config);
    for (const step of [1, 2, 3]) {
      await graph.updateState(config, null);
      await graph.invoke(null, config);
      expect(ran.length).toBe(step);
      // Stops between the steps, so that the next one finds what is saved and nothing else.
      await graph.invoke(new Command({ resume: "yes" }), { ...config, interruptBefore: "*" });
      await graph.invoke(null, config);
    }
    expect(ran.length).toBe(4);
  });
});

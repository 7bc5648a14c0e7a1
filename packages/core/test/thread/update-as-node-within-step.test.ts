// An update as a node in the middle of a step: what follows is chosen anew, and calls that have a key are not made again in what had not finished.
import { describe, expect, it } from "vitest";
import { Annotation, type CheckpointSaver, Command, interrupt, Send, START, StateGraph, task } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { LogState, newThread, questions } from "../support/run.js";

/** A call that has a key, and notes who made it. */
const payInto = (ran: string[]) =>
  task({ name: "pay", key: (order: string, _by: string) => order }, async (order: string, by: string) => {
    ran.push(`${by} ${order}`);
    return `${by} ${order}`;
  });

/** `ask` pays and waits, `done` pays and ends; both follow `before`. */
function parallel(ran: string[], checkpointer: CheckpointSaver) {
  const pay = payInto(ran);
  return new StateGraph(LogState)
    .addNode("before", () => undefined)
    .addNode("ask", async ({ answer }) => ({ log: [await pay("7", "ask"), `${interrupt(`about ${answer}?`)}`] }))
    .addNode("done", async () => ({ log: [await pay("7", "done")] }))
    .addEdge(START, "before")
    .addEdge("before", "ask")
    .addEdge("before", "done")
    .compile({ checkpointer });
}

/** A node that pays, waits, and leads to itself. */
function endless(ran: string[], checkpointer: CheckpointSaver) {
  const pay = payInto(ran);
  return new StateGraph(LogState)
    .addNode("ask", async ({ answer }) => ({ log: [await pay("7", `${answer}`), `${interrupt("?")}`] }))
    .addEdge(START, "ask")
    .addEdge("ask", "ask")
    .compile({ checkpointer });
}

describe.each(eachSaver)("an update as a node in the middle of a step, on $name", ({ open }) => {
  it("makes no call again in a node that had not finished, however often it is updated", async () => {
    const { saver, reopen } = open();
    const ran: string[] = [];
    const config = newThread();
    await parallel(ran, saver).invoke({ answer: "cats" }, config);
    expect(ran).toEqual(["ask 7", "done 7"]);
    await parallel(ran, saver).updateState(config, { answer: "dogs" }, "before");
    await parallel(ran, saver).updateState(config, null, "before");
    const { __interrupt__: asked } = await parallel(ran, reopen()).invoke(null, config);
    expect(questions(asked)).toEqual(["about dogs?"]);
    // Without a node: what the new step has done stays done as well.
    await parallel(ran, saver).updateState(config, { answer: "birds" });
    await parallel(ran, saver).updateState(config, { answer: "fish" });
    const graph = parallel(ran, reopen());
    expect(questions((await graph.invoke(null, config)).__interrupt__)).toEqual(["about fish?"]);
    expect((await graph.invoke(new Command({ resume: "yes" }), config)).log).toEqual(["done 7", "ask 7", "yes", "done 7"]);
    // "done" had finished: its result counts, and the next run of it is another one.
    expect(ran).toEqual(["ask 7", "done 7", "done 7"]);
  });

  it("runs anew what had finished, after each update", async () => {
    const { saver, reopen } = open();
    const ran: string[] = [];
    const config = newThread();
    await parallel(ran, saver).invoke({ answer: "cats" }, config);
    for (let times = 1; times <= 3; times++) {
      await parallel(ran, saver).updateState(config, null, "before");
      await parallel(ran, reopen()).invoke(null, config);
      expect(ran).toEqual(["ask 7", "done 7", ...Array(times).fill("done 7")]);
    }
  });

  it("leaves what waits its calls where it acts for another node that is due", async () => {
    const { saver, reopen } = open();
    const ran: string[] = [];
    const pay = payInto(ran);
    const graphOn = (checkpointer: CheckpointSaver) =>
      new StateGraph(LogState)
        .addNode("ask", async () => ({ log: [await pay("7", "ask"), `${interrupt("?")}`] }))
        .addNode("other", () => ({ log: [`${interrupt("other?")}`] }))
        .addEdge(START, "ask")
        .addEdge(START, "other")
        .compile({ checkpointer });
    const config = newThread();
    await graphOn(saver).invoke({}, config);
    await graphOn(saver).updateState(config, { log: ["for other"] }, "other");
    const graph = graphOn(reopen());
    expect(questions((await graph.invoke(null, config)).__interrupt__)).toEqual(["?"]);
    expect((await graph.invoke(new Command({ resume: "yes" }), config)).log).toEqual(["for other", "ask 7", "yes"]);
    expect(ran).toEqual(["ask 7"]);
  });

  it("gives the next run of a node that it acted for none of the calls of the run before", async () => {
    const { saver, reopen } = open();
    const ran: string[] = [];
    const config = newThread();
    await endless(ran, saver).invoke({ answer: "first" }, config);
    await endless(ran, saver).updateState(config, { answer: "second" }, "ask");
    await endless(ran, reopen()).invoke(null, config);
    expect(ran).toEqual(["first 7", "second 7"]);
  });

  it("gives what a Send brings none of the calls of another one", async () => {
    const { saver, reopen } = open();
    const ran: string[] = [];
    const pay = payInto(ran);
    const State = Annotation.Root({ to: Annotation<string[]> });
    const graphOn = (checkpointer: CheckpointSaver) =>
      new StateGraph(State)
        .addNode("before", () => undefined)
        .addNode("work", async ({ to }: typeof State.State) => {
          await pay("7", String(to));
          interrupt("?");
        })
        .addEdge(START, "before")
        .addConditionalEdges("before", ({ to }) => to.map((one) => new Send("work", { to: [one] })), ["work"])
        .compile({ checkpointer });
    const config = newThread();
    await graphOn(saver).invoke({ to: ["Ada", "Bo"] }, config);
    await graphOn(saver).updateState(config, { to: ["Bo"] }, "before");
    await graphOn(reopen()).invoke(null, config);
    expect(ran).toEqual(["Ada 7", "Bo 7", "Bo 7"]);
  });

  it("goes through more steps of bulkUpdateState, and runs the step anew where the thread goes back", async () => {
    const { saver, reopen } = open();
    const ran: string[] = [];
    const config = newThread();
    await parallel(ran, saver).invoke({ answer: "cats" }, config);
    const updates = [{ values: { answer: "dogs" }, asNode: "before" }];
    const updated = await parallel(ran, saver).bulkUpdateState(config, [
      { updates },
      { updates },
      { updates: [{ values: { answer: "birds" } }] },
    ]);
    const graph = parallel(ran, reopen());
    expect(questions((await graph.invoke(null, config)).__interrupt__)).toEqual(["about birds?"]);
    expect(ran).toEqual(["ask 7", "done 7", "done 7"]);
    await graph.invoke(new Command({ resume: "yes" }), config);
    expect((await saver.getTuple(config))?.checkpoint.channel_values).not.toHaveProperty("__control__.kept");
    await graph.invoke(null, updated);
    expect(ran.slice(3).sort()).toEqual(["ask 7", "done 7"]);
    await graph.invoke(null, await graph.updateState(updated, null, "before"));
    expect(ran.slice(5).sort()).toEqual(["ask 7", "done 7"]);
  });
});

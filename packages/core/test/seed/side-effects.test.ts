// Seed: "Using with code with side-effects".
import { describe, expect, it } from "vitest";
import { Annotation, Command, interrupt, START, StateGraph, task } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { newThread } from "../support/run.js";

const State = Annotation.Root({ answer: Annotation<string>() });

describe.each(eachSaver)("side effects, on $name", ({ open }) => {
  it("run once after the interrupt", async () => {
    const { saver, reopen } = open();
    const calls: string[] = [];
    const builder = new StateGraph(State)
      .addNode("human_node", () => {
        const answer = interrupt<string>("question");
        calls.push(answer);
        return { answer };
      })
      .addEdge(START, "human_node");
    const config = newThread();
    await builder.compile({ checkpointer: saver }).invoke({}, config);
    expect(calls).toEqual([]);
    await builder.compile({ checkpointer: reopen() }).invoke(new Command({ resume: "yes" }), config);
    expect(calls).toEqual(["yes"]);
  });

  it("run once in a separate node", async () => {
    const { saver, reopen } = open();
    const calls: string[] = [];
    const builder = new StateGraph(State)
      .addNode("human_node", () => ({ answer: interrupt<string>("question") }))
      .addNode("api_call_node", ({ answer }) => void calls.push(answer))
      .addEdge(START, "human_node")
      .addEdge("human_node", "api_call_node");
    const config = newThread();
    await builder.compile({ checkpointer: saver }).invoke({}, config);
    expect(await builder.compile({ checkpointer: reopen() }).invoke(new Command({ resume: "yes" }), config)).toEqual({ answer: "yes" });
    expect(calls).toEqual(["yes"]);
  });

  it("run again before the interrupt, which is what the seed warns of, unless they are tasks", async () => {
    const { saver, reopen } = open();
    const calls: string[] = [];
    const callApi = task("call_api", (what: string) => void calls.push(what));
    const builder = new StateGraph(State)
      .addNode("human_node", async () => {
        calls.push("plain");
        await callApi("task");
        return { answer: interrupt<string>("question") };
      })
      .addEdge(START, "human_node");
    const config = newThread();
    await builder.compile({ checkpointer: saver }).invoke({}, config);
    await builder.compile({ checkpointer: reopen() }).invoke(new Command({ resume: "yes" }), config);
    expect(calls).toEqual(["plain", "task", "plain"]);
  });
});

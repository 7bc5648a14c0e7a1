// Seed: "Resume using the `Command` primitive".
import { describe, expect, it } from "vitest";
import { Annotation, Command, interrupt, START, StateGraph } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { collect, newThread } from "../support/run.js";

const State = Annotation.Root({ age: Annotation<unknown>() });

function counting() {
  const entered = { before: 0, after: 0 };
  const builder = new StateGraph(State)
    .addNode("human_node", () => {
      entered.before++;
      const value = interrupt<{ age: string }>("What is your age?");
      entered.after++;
      return { age: value.age };
    })
    .addEdge(START, "human_node");
  return { builder, entered };
}

describe.each(eachSaver)("resume using Command, on $name", ({ open }) => {
  it("resumes from the beginning of the node, and returns the value from interrupt", async () => {
    const { saver, reopen } = open();
    const { builder, entered } = counting();
    const config = newThread();
    await builder.compile({ checkpointer: saver }).invoke({}, config);
    expect(entered).toEqual({ before: 1, after: 0 });
    const result = await builder.compile({ checkpointer: reopen() }).invoke(new Command({ resume: { age: "25" } }), config);
    expect(result).toEqual({ age: "25" });
    expect(entered).toEqual({ before: 2, after: 1 });
  });

  it("resumes by stream as by invoke", async () => {
    const { saver } = open();
    const { builder } = counting();
    const config = newThread();
    const graph = builder.compile({ checkpointer: saver });
    const paused = await collect(graph.stream({}, config));
    expect(paused).toEqual([{ __interrupt__: [expect.objectContaining({ value: "What is your age?" })] }]);
    expect(await collect(graph.stream(new Command({ resume: { age: "25" } }), config))).toEqual([{ human_node: { age: "25" } }]);
  });
});

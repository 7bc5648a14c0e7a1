// Seed: "Resume multiple interrupts with one invocation".
import { describe, expect, it } from "vitest";
import { Annotation, Command, interrupt, START, StateGraph } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { graphErrorOf, newThread, questions } from "../support/run.js";

const State = Annotation.Root({
  inputs: Annotation<Record<string, string>, Record<string, string>>({
    reducer: (all, more) => ({ ...all, ...more }),
    default: () => ({}),
  }),
});

const prompt = (name: string) => () => ({ inputs: { [name]: interrupt<string>(name) } });
const builder = new StateGraph(State)
  .addNode("first", prompt("1"))
  .addNode("second", prompt("2"))
  .addNode("third", prompt("3"))
  .addEdge(START, "first")
  .addEdge(START, "second")
  .addEdge(START, "third");

describe.each(eachSaver)("resume multiple interrupts, on $name", ({ open }) => {
  it("answers each by its id with one invocation", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const result = await builder.compile({ checkpointer: saver }).invoke({}, config);
    expect(questions(result.__interrupt__)).toEqual(["1", "2", "3"]);

    const graph = builder.compile({ checkpointer: reopen() });
    const { interrupts } = await graph.getState(config);
    const resume = Object.fromEntries(interrupts.map((i) => [i.interrupt_id, `human input for prompt ${i.value}`]));
    expect(await graph.invoke(new Command({ resume }), config)).toEqual({
      inputs: { 1: "human input for prompt 1", 2: "human input for prompt 2", 3: "human input for prompt 3" },
    });
  });

  it("answers some of them, and leaves the others waiting", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const graph = builder.compile({ checkpointer: saver });
    const { __interrupt__: [one, two, three] = [] } = await graph.invoke({}, config);
    if (one === undefined || two === undefined || three === undefined) throw new Error("three interrupts expected");

    const still = await graph.invoke(new Command({ resume: { [two.id]: "b" } }), config);
    expect(still.__interrupt__).toEqual([one, three]);
    expect((await builder.compile({ checkpointer: reopen() }).getState(config)).next).toEqual(["first", "third"]);

    const done = await builder
      .compile({ checkpointer: reopen() })
      .invoke(new Command({ resume: { [three.id]: "c", [one.id]: "a" } }), config);
    expect(done).toEqual({ inputs: { 1: "a", 2: "b", 3: "c" } });
  });

  it("takes a bare answer only when there is no doubt whose it is", async () => {
    const { saver } = open();
    const config = newThread();
    const graph = builder.compile({ checkpointer: saver });
    const { __interrupt__: [one, two, three] = [] } = await graph.invoke({}, config);
    const error = await graphErrorOf(graph.invoke(new Command({ resume: "everyone" }), config));
    expect(error.code).toBe("AMBIGUOUS_RESUME");
    expect(error.details.pending).toEqual([one, two, three]);
    expect((await graph.getState(config)).interrupts).toEqual([one, two, three]);

    await graph.invoke(new Command({ resume: { [one!.id]: "a", [two!.id]: "b" } }), config);
    expect(await graph.invoke(new Command({ resume: "c" }), config)).toEqual({ inputs: { 1: "a", 2: "b", 3: "c" } });
  });
});

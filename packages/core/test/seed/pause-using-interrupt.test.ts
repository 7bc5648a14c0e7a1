// Seed: "Pause using `interrupt`".
import { describe, expect, it } from "vitest";
import { Annotation, Command, Interrupt, interrupt, START, StateGraph } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { collect, graphErrorOf, newThread } from "../support/run.js";

const State = Annotation.Root({ some_text: Annotation<string>() });

const builder = new StateGraph(State)
  .addNode("human_node", (state) => {
    const value = interrupt<string>({ text_to_revise: state.some_text });
    return { some_text: value };
  })
  .addEdge(START, "human_node");

describe.each(eachSaver)("pause using interrupt, on $name", ({ open }) => {
  it("prints the interrupt, and goes on with the human's text", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const result = await builder.compile({ checkpointer: saver }).invoke({ some_text: "original text" }, config);
    expect(result.__interrupt__).toEqual([
      expect.objectContaining({
        value: { text_to_revise: "original text" },
        resumable: true,
        ns: [expect.stringMatching(/^human_node:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)],
        when: "during",
      }),
    ]);

    const elsewhere = builder.compile({ checkpointer: reopen() });
    expect(await elsewhere.invoke(new Command({ resume: "Edited text" }), config)).toEqual({ some_text: "Edited text" });
  });

  it("shows the interrupt in the result, in the stream and in the state, with one id", async () => {
    const { saver, reopen } = open();
    const [config, streamed] = [newThread(), newThread()];
    const graph = builder.compile({ checkpointer: saver });
    const { __interrupt__: [asked] = [] } = await graph.invoke({ some_text: "original text" }, config);
    expect(asked).toBeInstanceOf(Interrupt);
    expect(asked?.id).toMatch(/^[0-9a-f]{32}$/);
    expect(asked?.interrupt_id).toBe(asked?.id);

    const state = await builder.compile({ checkpointer: reopen() }).getState(config);
    expect(state.next).toEqual(["human_node"]);
    expect(state.values).toEqual({ some_text: "original text" });
    expect(state.tasks.map(({ name, interrupts }) => [name, interrupts])).toEqual([["human_node", [asked]]]);
    expect(state.interrupts).toEqual([asked]);

    const chunks = await collect(graph.stream({ some_text: "original text" }, streamed));
    expect(chunks).toEqual([{ __interrupt__: [expect.objectContaining({ value: { text_to_revise: "original text" } })] }]);
  });

  it("keeps the interrupt for whoever looks later, and asks it only once", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const first = await builder.compile({ checkpointer: saver }).invoke({ some_text: "original text" }, config);
    const later = await builder.compile({ checkpointer: reopen() }).invoke(null, config);
    expect(later).toEqual(first);
  });

  it("keeps the text apart from thread to thread", async () => {
    const { saver } = open();
    const graph = builder.compile({ checkpointer: saver });
    const [one, two] = [newThread(), newThread()];
    await graph.invoke({ some_text: "one" }, one);
    await graph.invoke({ some_text: "two" }, two);
    expect(await graph.invoke(new Command({ resume: "for two" }), two)).toEqual({ some_text: "for two" });
    expect((await graph.getState(one)).interrupts.map(({ value }) => value)).toEqual([{ text_to_revise: "one" }]);
  });
});

describe("what interrupt needs", () => {
  it("is a checkpointer", async () => {
    const error = await graphErrorOf(builder.compile().invoke({ some_text: "original text" }));
    expect(error.code).toBe("MISSING_CHECKPOINTER");
    expect(error.message).toContain('"human_node"');
  });

  it.each(eachSaver)("is a thread id, on $name", async ({ open }) => {
    const graph = builder.compile({ checkpointer: open().saver });
    expect((await graphErrorOf(graph.invoke({ some_text: "original text" }))).code).toBe("MISSING_THREAD_ID");
    expect((await graphErrorOf(graph.invoke({ some_text: "" }, { configurable: { thread_id: "" } }))).code).toBe("MISSING_THREAD_ID");
  });

  it("is a run", () => {
    expect(() => interrupt("anybody there?")).toThrow(expect.objectContaining({ code: "OUTSIDE_RUN" }));
  });
});

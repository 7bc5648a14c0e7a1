// LangGraph's older form of a pause: `throw new NodeInterrupt(value)`.
import * as peer from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import * as core from "../../src/index.js";
import { Annotation, Command, interrupt, isGraphInterrupt, NodeInterrupt, START, StateGraph } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { graphErrorOf, LogState, newThread, questions } from "../support/run.js";

type Runtimes = typeof core;

/** A graph that takes no long text, of either runtime; what it did is in `ran`. */
function short(from: Runtimes) {
  const ran: string[] = [];
  const State = from.Annotation.Root({ text: from.Annotation<string>() });
  const graph = new from.StateGraph(State)
    .addNode("read", ({ text }) => {
      ran.push(text);
      if (text.length > 5) throw new from.NodeInterrupt(`"${text}" is too long`);
      return {};
    })
    .addNode("done", ({ text }) => ({ text: `${text}!` }))
    .addEdge(from.START, "read")
    .addEdge("read", "done")
    .compile({ checkpointer: new from.MemorySaver() });
  return { graph, ran };
}

describe("NodeInterrupt does what LangGraph's does", () => {
  it.each([["LangGraph", peer as unknown as Runtimes] as const, ["ours", core] as const])("%s", async (_name, from) => {
    const { graph, ran } = short(from);
    const thread = newThread();
    const shown = async () => {
      const { next, tasks } = await graph.getState(thread);
      return { next: [...next], asked: tasks.map(({ interrupts }) => questions(interrupts as never)) };
    };
    await graph.invoke({ text: "much too long" }, thread);
    expect(await shown()).toEqual({ next: ["read"], asked: [['"much too long" is too long']] });
    // An answer changes nothing that the node looks at.
    await graph.invoke(new from.Command({ resume: "and yet" }), thread);
    expect(await shown()).toEqual({ next: ["read"], asked: [['"much too long" is too long']] });
    await graph.updateState(thread, { text: "short" });
    expect(await graph.invoke(null, thread)).toEqual({ text: "short!" });
    expect(ran).toEqual(["much too long", "much too long", "short"]);
  });
});

describe.each(eachSaver)("NodeInterrupt on $name", ({ open }) => {
  it("asks once, and each answer once: the next question is a new one", async () => {
    const graph = new StateGraph(LogState)
      .addNode("ask", () => {
        throw new NodeInterrupt("Not yet");
      })
      .addEdge(START, "ask")
      .compile({ checkpointer: open().saver });
    const thread = newThread();
    const [first, ...more] = (await graph.invoke({}, thread)).__interrupt__ ?? [];
    expect([first?.value, more]).toEqual(["Not yet", []]);
    const [second, ...others] = (await graph.invoke(new Command({ resume: { [first!.id]: 1 } }), thread)).__interrupt__ ?? [];
    expect([second?.value, others, second?.id === first?.id]).toEqual(["Not yet", [], false]);
    const late = await graphErrorOf(graph.invoke(new Command({ resume: { [first!.id]: 1 } }), thread));
    expect(late.code).toBe("ALREADY_DECIDED");
  });

  it("is a pause like any other: nothing that the node catches undoes it, and it counts as one of the node's questions", async () => {
    let caught: unknown;
    const graph = new StateGraph(LogState)
      .addNode("ask", ({ log }) => {
        const name = interrupt<string>("Name?");
        try {
          if (log.length === 0) throw new NodeInterrupt(`Log of ${name}?`);
        } catch (error) {
          caught = error;
        }
        return { answer: name };
      })
      .addEdge(START, "ask")
      .compile({ checkpointer: open().saver });
    const thread = newThread();
    await graph.invoke({}, thread);
    const paused = await graph.invoke(new Command({ resume: "Ada" }), thread);
    expect(questions(paused.__interrupt__)).toEqual(["Log of Ada?"]);
    expect([isGraphInterrupt(caught), paused.answer]).toEqual([true, undefined]);
  });
});

it("needs a run, and a place to save it, as interrupt() does", async () => {
  expect(() => new NodeInterrupt("?")).toThrow(expect.objectContaining({ code: "OUTSIDE_RUN" }));
  const State = Annotation.Root({ x: Annotation<number>() });
  const unsaved = new StateGraph(State)
    .addNode("ask", () => {
      throw new NodeInterrupt("?");
    })
    .addEdge(START, "ask")
    .compile();
  expect((await graphErrorOf(unsaved.invoke({}))).code).toBe("MISSING_CHECKPOINTER");
});

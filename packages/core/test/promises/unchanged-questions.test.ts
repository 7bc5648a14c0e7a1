import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { Annotation, Command, interrupt, START, StateGraph } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { graphErrorOf, newThread, questions } from "../support/run.js";

describe.each(eachSaver)("a question that has to be the one that was shown, on $name", ({ open }) => {
  const start = () => {
    const { saver } = open();
    const now = { sum: 50 };
    const ask = (): string => {
      const request = { pay: now.sum };
      return `${interrupt<string>(request, { unchanged: (shown) => isDeepStrictEqual(shown, request) })} ${now.sum}`;
    };
    const inner = new StateGraph(Annotation.Root({ done: Annotation<string>() }))
      .addNode("ask", () => ({ done: ask() }))
      .addEdge(START, "ask")
      .compile();
    const graph = (inside: boolean) =>
      new StateGraph(Annotation.Root({ done: Annotation<string>() }))
        .addNode("pay", inside ? inner : () => ({ done: ask() }))
        .addEdge(START, "pay")
        .compile({ checkpointer: saver });
    return { graph, now, config: newThread() };
  };

  it.each([false, true])("takes an answer to it, and refuses one to another, which asks anew (in a subgraph: %s)", async (inside) => {
    const { graph, now, config } = start();
    const asked = await graph(inside).invoke({}, config);
    expect(questions(asked.__interrupt__)).toEqual([{ pay: 50 }]);
    now.sum = 5000;
    expect((await graphErrorOf(graph(inside).invoke(new Command({ resume: "yes" }), config))).code).toBe("INVALID_ANSWER");
    const { tasks } = await graph(inside).getState(config);
    expect(questions(tasks[0]?.interrupts)).toEqual([{ pay: 5000 }]);
    expect(await graph(inside).invoke(new Command({ resume: "yes" }), config)).toEqual({ done: "yes 5000" });
  });

  it("is compared on going back to it as well", async () => {
    const { graph, now, config } = start();
    await graph(false).invoke({}, config);
    const { config: paused } = await graph(false).getState(config);
    await graph(false).invoke(new Command({ resume: "no" }), config);
    now.sum = 5000;
    expect((await graphErrorOf(graph(false).invoke(new Command({ resume: "yes" }), paused))).code).toBe("INVALID_ANSWER");
    now.sum = 50;
    expect(await graph(false).invoke(new Command({ resume: "yes" }), paused)).toEqual({ done: "yes 50" });
  });
});
